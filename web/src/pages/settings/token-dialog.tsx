import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import { nowMs } from "../../lib/clock.ts";
import type { ApiToken, Role } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Code } from "../../ui/code.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { teamsQuery } from "../services/queries.ts";
import { ROLE_OPTIONS, ROLE_WORDS } from "./roles.ts";
import { tokensQuery } from "./token-queries.ts";

type Made = ApiToken & { token: string };

const DAY_MS = 86_400_000;
const LIVES = [
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
  { value: "", label: "Never" },
] as const;

const expiry = (days: string): string | null =>
  days === "" ? null : new Date(nowMs() + Number(days) * DAY_MS).toISOString();

/** Makes a token and shows it, this once. */
export function TokenDialog({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState({ name: "", role: "responder" as Role, team: "", days: "365" });
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change });
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const make = useMutation({
    mutationFn: () =>
      api.post<Made>("/tokens", {
        name: draft.name,
        role: draft.role,
        team: draft.team || null,
        expires_at: expiry(draft.days),
      }),
    onSuccess: () => void queryClient.invalidateQueries(tokensQuery),
  });
  if (make.data !== undefined) return <MadeDialog made={make.data} onClose={onClose} />;
  return (
    <FormDialog
      title="Make a token"
      submit="Make the token"
      busy={make.isPending}
      problem={make.error}
      onSubmit={() => make.mutate()}
      onClose={onClose}
    >
      <Input
        label="What is it for?"
        pointer="/name"
        placeholder="Deployments"
        autoFocus
        value={draft.name}
        onChange={(event) => set({ name: event.target.value })}
      />
      <Select
        label="It may act as"
        pointer="/role"
        help={`${ROLE_WORDS[draft.role].help}.`}
        value={draft.role}
        onChange={(role) => set({ role: role as Role })}
        options={ROLE_OPTIONS}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <Select
          label="For"
          pointer="/team"
          value={draft.team}
          onChange={(team) => set({ team })}
          options={[
            { value: "", label: "Every team" },
            ...teams.map(({ slug, name }) => ({ value: slug, label: `${name} only` })),
          ]}
        />
        <Select
          label="Expires"
          pointer="/expires_at"
          value={draft.days}
          onChange={(days) => set({ days })}
          options={LIVES}
        />
      </div>
    </FormDialog>
  );
}

const MadeDialog = ({ made, onClose }: { made: Made; onClose: () => void }) => (
  <Dialog
    open
    onClose={onClose}
    title={`${made.name} is ready`}
    description="Copy it now: it is shown this once, and Keepwatch keeps only its fingerprint."
    footer={
      <Button variant="primary" onClick={onClose}>
        I have copied it
      </Button>
    }
  >
    <Code label="Token" wrap className="pr-8">
      {made.token}
    </Code>
  </Dialog>
);
