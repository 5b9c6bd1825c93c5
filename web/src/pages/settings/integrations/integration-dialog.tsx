import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../../lib/api.ts";
import { slugify } from "../../../lib/format.ts";
import type { Integration, IntegrationKindInfo, IntegrationWithKey } from "../../../lib/types.ts";
import { FormDialog } from "../../../ui/form-dialog.tsx";
import { Input, Select } from "../../../ui/input.tsx";
import { KindFields } from "../../../ui/kind-form.tsx";
import { toast } from "../../../ui/toast.tsx";
import { SEVERITY_NAMES } from "../../incidents/severities.ts";
import { servicesQuery } from "../../services/queries.ts";
import { integrationKindsQuery, integrationsChanged } from "./queries.ts";

interface Draft {
  kind: string;
  name: string;
  service: string;
  settings: Record<string, unknown>;
  severity: string;
  urgency: string;
  silence: string;
}

const draftOf = (integration: Integration | undefined): Draft => ({
  kind: integration?.kind ?? "",
  name: integration?.name ?? "",
  service: integration?.service?.slug ?? "",
  settings: integration?.settings ?? {},
  severity: integration?.severity ?? "",
  urgency: integration?.urgency ?? "",
  silence: integration?.auto_resolve_after ?? "",
});

const bodyOf = (draft: Draft) => ({
  name: draft.name,
  service: draft.service || null,
  settings: draft.settings,
  severity: draft.severity || null,
  urgency: draft.urgency || null,
  auto_resolve_after: draft.silence.trim() || null,
});

const URGENCIES = [
  { value: "", label: "The service's" },
  { value: "high", label: "High" },
  { value: "low", label: "Low" },
];

/** Adds an integration, whose key is then shown once, or changes one. A kind never changes. */
export function IntegrationDialog({
  integration,
  onClose,
  onMade,
}: {
  integration?: Integration;
  onClose: () => void;
  onMade?: (made: IntegrationWithKey) => void;
}) {
  const kinds = useQuery(integrationKindsQuery).data?.items ?? [];
  const [draft, setDraft] = useState(() => draftOf(integration));
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const kind = kinds.find((each) => each.kind === draft.kind) ?? kinds[0];
  const named = { ...draft, name: draft.name || (kind?.title ?? "") };
  const save = useMutation({
    mutationFn: async () => {
      if (integration === undefined)
        return api.post<IntegrationWithKey>("/integrations", {
          ...bodyOf(named),
          ...{ kind: kind?.kind, slug: slugify(named.name) },
        });
      await api.patch<Integration>(`/integrations/${integration.slug}`, bodyOf(named));
      return null;
    },
    onSuccess: async (made) => {
      await integrationsChanged();
      onClose();
      if (made) onMade?.(made);
      else toast.done("Saved.");
    },
  });
  return (
    <FormDialog
      title={integration ? `Change ${integration.name}` : "Add an integration"}
      submit={integration ? "Save" : "Add"}
      busy={save.isPending}
      disabled={kind === undefined}
      problem={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {!integration && (
        <Select
          label="What sends"
          pointer="/kind"
          help={kind?.docs.replaceAll("`", "")}
          value={kind?.kind ?? ""}
          onChange={(next) => set({ kind: next, settings: {} })}
          options={kinds.map((each) => ({ value: each.kind, label: each.title }))}
        />
      )}
      <Input
        label="Name"
        pointer="/name"
        help="Alerts are shown as coming from it."
        placeholder={kind?.title}
        value={draft.name}
        onChange={(event) => set({ name: event.target.value })}
      />
      <ServiceField service={draft.service} onChange={(service) => set({ service })} />
      {kind && <SettingFields {...{ kind, draft, set }} />}
    </FormDialog>
  );
}

function ServiceField({ service, onChange }: { service: string; onChange: (service: string) => void }) {
  const services = useQuery(servicesQuery()).data?.items ?? [];
  return (
    <Select
      label="Service"
      pointer="/service"
      help="Whose people are paged, unless an alert names another service."
      value={service}
      onChange={onChange}
      options={[
        { value: "", label: "None: the last resort is paged" },
        ...services.map(({ slug, name }) => ({ value: slug, label: name })),
      ]}
    />
  );
}

const SettingFields = ({
  kind,
  draft,
  set,
}: {
  kind: IntegrationKindInfo;
  draft: Draft;
  set: (change: Partial<Draft>) => void;
}) => (
  <>
    {kind.form.length > 0 && (
      <KindFields
        key={kind.kind}
        form={kind.form}
        fields={draft.settings}
        onChange={(settings) => set({ settings })}
        base="/settings"
      />
    )}
    <div className="grid gap-5 sm:grid-cols-2">
      <Select
        label="Severity when it says none"
        pointer="/severity"
        value={draft.severity}
        onChange={(severity) => set({ severity })}
        options={[{ value: "", label: "SEV3" }, ...SEVERITY_NAMES]}
      />
      <Select
        label="Urgency when it says none"
        pointer="/urgency"
        value={draft.urgency}
        onChange={(urgency) => set({ urgency })}
        options={URGENCIES}
      />
    </div>
    <Input
      label="Resolve what falls silent"
      pointer="/auto_resolve_after"
      optional
      placeholder="e.g. 2h"
      help="An alert of which nothing was heard for so long is resolved. Leave it empty where recoveries are sent."
      value={draft.silence}
      onChange={(event) => set({ silence: event.target.value })}
    />
  </>
);
