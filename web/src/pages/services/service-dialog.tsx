import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { patchObject } from "../../app/patch.ts";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import { slugify } from "../../lib/format.ts";
import type { Service, ServiceCreate } from "../../lib/types.ts";
import { Checkbox, RadioCards } from "../../ui/choice.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Input, Select, Textarea } from "../../ui/input.tsx";
import { toast } from "../../ui/toast.tsx";
import { policiesQuery, servicesQuery, teamsQuery } from "./queries.ts";
import { type SupportHours, SupportHoursField } from "./support-hours.tsx";

interface Draft {
  name: string;
  description: string;
  team: string;
  policy: string;
  urgency: "high" | "low";
  dependsOn: readonly string[];
  runbook: string;
  supportHours: SupportHours | null;
}

const draftOf = (service: Service | undefined): Draft => ({
  name: service?.name ?? "",
  description: service?.description ?? "",
  team: service?.team?.slug ?? "",
  policy: service?.escalation_policy?.slug ?? "",
  urgency: service?.urgency ?? "high",
  dependsOn: service?.depends_on.map((each) => each.slug) ?? [],
  runbook: runbookText(service),
  supportHours: service?.support_hours ?? null,
});

function runbookText(service: Service | undefined): string {
  if (!service?.runbook) return "";
  return "url" in service.runbook ? service.runbook.url : service.runbook.markdown;
}

/** A runbook is an address when it is nothing else, and Markdown otherwise. */
function runbookOf(text: string): Service["runbook"] {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  return /^https?:\/\/\S+$/.test(trimmed) ? { url: trimmed } : { markdown: text };
}

const bodyOf = (draft: Draft): Omit<ServiceCreate, "slug"> => ({
  name: draft.name,
  description: draft.description,
  team: draft.team || null,
  escalation_policy: draft.policy || null,
  urgency: draft.urgency,
  depends_on: [...draft.dependsOn],
  runbook: runbookOf(draft.runbook),
  support_hours: draft.supportHours,
});

/** Adds a service, or changes the one given. */
export function ServiceDialog({ service, onClose }: { service?: Service; onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(service));
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const navigate = useNavigate();
  const save = useMutation({
    mutationFn: () =>
      service === undefined
        ? api.post<Service>("/services", { ...bodyOf(draft), slug: slugify(draft.name) })
        : api.patch<Service>(`/services/${service.slug}`, bodyOf(draft)),
    onSuccess: async (saved) => {
      patchObject(queryClient, ["services"], saved);
      void queryClient.invalidateQueries({ queryKey: ["services", "list"] });
      void queryClient.invalidateQueries({ queryKey: ["overview"] });
      onClose();
      toast.done(service === undefined ? `${saved.name} is there. Give it a monitor.` : "Saved.");
      if (service === undefined) await navigate({ to: "/services/$slug", params: { slug: saved.slug } });
    },
  });
  return (
    <FormDialog
      title={service === undefined ? "Add a service" : `Edit ${service.name}`}
      submit={service === undefined ? "Add" : "Save"}
      busy={save.isPending}
      problem={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <Input
        label="Name"
        pointer="/name"
        placeholder="Shop"
        autoFocus
        value={draft.name}
        onChange={(event) => set({ name: event.target.value })}
      />
      <Input
        label="What it does"
        pointer="/description"
        optional
        placeholder="Where customers browse and buy"
        value={draft.description}
        onChange={(event) => set({ description: event.target.value })}
      />
      <Owners draft={draft} set={set} />
      <RadioCards
        label="When it fails"
        columns={2}
        value={draft.urgency}
        onChange={(urgency) => set({ urgency: urgency as Draft["urgency"] })}
        options={[
          { value: "high", label: "Wake somebody", help: "High urgency, day and night" },
          { value: "low", label: "It can wait", help: "Low urgency, quieter ways" },
        ]}
      />
      <SupportHoursField value={draft.supportHours} onChange={(supportHours) => set({ supportHours })} />
      <DependsOn self={service?.slug} chosen={draft.dependsOn} onChange={(dependsOn) => set({ dependsOn })} />
      <Textarea
        label="Runbook"
        pointer="/runbook"
        optional
        help="An address, or the steps themselves in Markdown. Lines that begin with “- [ ]” can be ticked off during an incident."
        rows={6}
        value={draft.runbook}
        onChange={(event) => set({ runbook: event.target.value })}
      />
    </FormDialog>
  );
}

function Owners({ draft, set }: { draft: Draft; set: (change: Partial<Draft>) => void }) {
  const teams = useQuery(teamsQuery);
  const policies = useQuery(policiesQuery);
  const option = ({ slug, name }: { slug: string; name: string }) => ({ value: slug, label: name });
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Select
        label="Team"
        pointer="/team"
        value={draft.team}
        onChange={(team) => set({ team })}
        options={[{ value: "", label: "No team" }, ...(teams.data?.items ?? []).map(option)]}
      />
      <Select
        label="Who is paged"
        pointer="/escalation_policy"
        value={draft.policy}
        onChange={(policy) => set({ policy })}
        options={[{ value: "", label: "The administrators" }, ...(policies.data?.items ?? []).map(option)]}
      />
    </div>
  );
}

function DependsOn({
  self,
  chosen,
  onChange,
}: {
  self: string | undefined;
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}) {
  const services = useQuery(servicesQuery());
  const others = (services.data?.items ?? []).filter((service) => service.slug !== self);
  if (others.length === 0) return null;
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">
        Depends on <span className="font-normal text-faint">optional</span>
      </legend>
      <div className="grid max-h-40 gap-2 overflow-y-auto rounded-md border border-line p-3 sm:grid-cols-2">
        {others.map((service) => (
          <Checkbox
            key={service.slug}
            label={service.name}
            checked={chosen.includes(service.slug)}
            onChange={(on) =>
              onChange(on ? [...chosen, service.slug] : chosen.filter((other) => other !== service.slug))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
