import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import { browserZone } from "../../lib/time.ts";
import type { Invitation, Role, User } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { RadioCards } from "../../ui/choice.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Input } from "../../ui/input.tsx";
import { InvitationLink } from "./invitation-link.tsx";
import { ROLE_OPTIONS, ROLE_WORDS } from "./roles.ts";
import { TeamBoxes } from "./team-boxes.tsx";

const EMPTY = { name: "", email: "", role: "responder" as Role, teams: [] as readonly string[] };

/** Lets somebody in: the invitation goes by mail where mail is set up, and its link is there to copy either way. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState(EMPTY);
  const set = (change: Partial<typeof EMPTY>) => setDraft({ ...draft, ...change });
  const add = useMutation({
    mutationFn: () =>
      api.post<User & { invitation: Invitation }>("/users", { ...draft, time_zone: browserZone() }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ["users"] });
      void queryClient.invalidateQueries({ queryKey: ["teams"] });
    },
  });
  if (add.data !== undefined)
    return (
      <Dialog
        open
        onClose={onClose}
        title={`${add.data.name} is invited`}
        footer={
          <>
            <Button
              onClick={() => {
                add.reset();
                setDraft(EMPTY);
              }}
            >
              Invite another
            </Button>
            <Button variant="primary" onClick={onClose}>
              Done
            </Button>
          </>
        }
      >
        <InvitationLink invitation={add.data.invitation} />
      </Dialog>
    );
  return (
    <FormDialog
      title="Invite a person"
      submit="Invite"
      busy={add.isPending}
      problem={add.error}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <Input
        label="Name"
        pointer="/name"
        autoFocus
        autoComplete="off"
        value={draft.name}
        onChange={(event) => set({ name: event.target.value })}
      />
      <Input
        label="E-mail"
        pointer="/email"
        type="email"
        autoComplete="off"
        value={draft.email}
        onChange={(event) => set({ email: event.target.value })}
      />
      <RadioCards
        label="What they may do"
        pointer="/role"
        value={draft.role}
        onChange={(role) => set({ role: role as Role })}
        options={ROLE_OPTIONS.map(({ value, label }) => ({ value, label, help: ROLE_WORDS[value].help }))}
      />
      <TeamBoxes chosen={draft.teams} onChange={(teams) => set({ teams })} />
    </FormDialog>
  );
}
