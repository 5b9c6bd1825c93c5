import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { incidentChanged } from "../../app/live.ts";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { Incident, Severity, Urgency } from "../../lib/types.ts";
import { RadioCards } from "../../ui/choice.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Input, Select, Textarea } from "../../ui/input.tsx";
import { policiesQuery, servicesQuery } from "../services/queries.ts";
import { SEVERITY_OPTIONS } from "./severities.ts";

interface Draft {
  title: string;
  summary: string;
  service: string;
  severity: Severity;
  urgency: Urgency;
  policy: string;
}

/** Begins an incident that no check has seen; whoever is on call is paged at once. */
export function DeclareDialog({ service, onClose }: { service?: string; onClose: () => void }) {
  const [draft, setDraft] = useState<Draft>({
    title: "",
    summary: "",
    service: service ?? "",
    severity: "SEV3",
    urgency: "high",
    policy: "",
  });
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const navigate = useNavigate();
  const declare = useMutation({
    mutationFn: () => {
      const { policy, ...rest } = draft;
      const body = { ...rest, service: draft.service || null };
      return api.post<Incident>("/incidents", policy === "" ? body : { ...body, escalation_policy: policy });
    },
    onSuccess: async (incident) => {
      queryClient.setQueryData(["incidents", "one", incident.id], incident);
      incidentChanged(incident.id, incident);
      await navigate({ to: "/incidents/$id", params: { id: incident.id } });
    },
  });
  return (
    <FormDialog
      title="Declare an incident"
      description="Whoever is on call is paged as soon as you declare it."
      submit="Declare and page"
      busy={declare.isPending}
      problem={declare.error}
      onSubmit={() => declare.mutate()}
      onClose={onClose}
    >
      <Input
        label="What is happening?"
        pointer="/title"
        placeholder="Customers cannot pay by card"
        autoFocus
        value={draft.title}
        onChange={(event) => set({ title: event.target.value })}
      />
      <WhomItPages draft={draft} set={set} />
      <RadioCards
        label="How urgent"
        columns={2}
        value={draft.urgency}
        onChange={(urgency) => set({ urgency: urgency as Urgency })}
        options={[
          { value: "high", label: "Wake somebody", help: "High urgency" },
          { value: "low", label: "It can wait", help: "Low urgency" },
        ]}
      />
      <Textarea
        label="What is known so far"
        pointer="/summary"
        optional
        rows={3}
        value={draft.summary}
        onChange={(event) => set({ summary: event.target.value })}
      />
    </FormDialog>
  );
}

function WhomItPages({ draft, set }: { draft: Draft; set: (change: Partial<Draft>) => void }) {
  const services = useQuery(servicesQuery());
  const policies = useQuery(policiesQuery);
  const option = ({ slug, name }: { slug: string; name: string }) => ({ value: slug, label: name });
  const service = services.data?.items.find(({ slug }) => slug === draft.service);
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Select
        label="Service"
        pointer="/service"
        value={draft.service}
        onChange={(chosen) => set({ service: chosen })}
        options={[{ value: "", label: "None in particular" }, ...(services.data?.items ?? []).map(option)]}
      />
      <Select
        label="Severity"
        pointer="/severity"
        value={draft.severity}
        onChange={(severity) => set({ severity: severity as Severity })}
        options={SEVERITY_OPTIONS}
      />
      <Select
        label="Who is paged"
        pointer="/escalation_policy"
        className="sm:col-span-2"
        value={draft.policy}
        onChange={(policy) => set({ policy })}
        options={[
          { value: "", label: service?.escalation_policy?.name ?? "The default policy" },
          ...(policies.data?.items ?? [])
            .filter(({ slug }) => slug !== service?.escalation_policy?.slug)
            .map(option),
        ]}
      />
    </div>
  );
}
