import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../lib/api.ts";
import type { Incident, Severity, Urgency } from "../../lib/types.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Input, Select, Textarea } from "../../ui/input.tsx";
import { SEVERITY_OPTIONS } from "./severities.ts";
import { tookEffect } from "./verbs.ts";

/** Corrects what it is called, how bad it is, and what is known of it. */
export function CorrectDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const [title, setTitle] = useState(incident.title);
  const [summary, setSummary] = useState(incident.summary);
  const [severity, setSeverity] = useState(incident.severity);
  const [urgency, setUrgency] = useState(incident.urgency);
  const save = useMutation({
    mutationFn: () => api.patch<Incident>(`/incidents/${incident.id}`, { title, summary, severity, urgency }),
    onSuccess: (changed) => {
      tookEffect(changed);
      onClose();
    },
  });
  const raised = urgency === "high" && incident.urgency === "low" && incident.status !== "resolved";
  return (
    <FormDialog
      title={`Correct #${incident.number}`}
      submit={raised ? "Save and page" : "Save"}
      busy={save.isPending}
      problem={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <Input
        label="Title"
        pointer="/title"
        value={title}
        onChange={(event) => setTitle(event.target.value)}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          label="Severity"
          pointer="/severity"
          value={severity}
          onChange={(next) => setSeverity(next as Severity)}
          options={SEVERITY_OPTIONS}
        />
        <Select
          label="Urgency"
          pointer="/urgency"
          help={raised ? "Whoever is on call is paged anew." : undefined}
          value={urgency}
          onChange={(next) => setUrgency(next as Urgency)}
          options={[
            { value: "high", label: "High: wakes somebody" },
            { value: "low", label: "Low: it can wait" },
          ]}
        />
      </div>
      <Textarea
        label="What is known"
        pointer="/summary"
        optional
        value={summary}
        onChange={(event) => setSummary(event.target.value)}
      />
    </FormDialog>
  );
}
