import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { patchObject } from "../../app/patch.ts";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import { plural } from "../../lib/format.ts";
import { durationWords } from "../../lib/time.ts";
import type { Monitor } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input, type Option, Select } from "../../ui/input.tsx";
import { toast } from "../../ui/toast.tsx";
import { servicesQuery } from "../services/queries.ts";
import { INTERVALS, KEEPS, SEVERITIES } from "./choices.ts";
import { LabelsField } from "./labels-field.tsx";

const AS_IT_IS: Option = { value: "", label: "As it is" };

interface Draft {
  service: string;
  every: string;
  severity: string;
  keep: string;
  labels: Record<string, string>;
  without: string;
}

/** One change to several monitors; what is left alone stays as each has it. */
export function BulkEdit({
  monitors,
  onClose,
  onDone,
}: {
  monitors: readonly Monitor[];
  onClose: () => void;
  onDone: () => void;
}) {
  const [draft, setDraft] = useState<Draft>({
    ...{ service: "", every: "", severity: "", keep: "", labels: {}, without: "" },
  });
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const services = useQuery(servicesQuery()).data?.items ?? [];
  const formId = useId();
  const save = useMutation({
    mutationFn: async () => {
      // One after the other: what has been refused of one is refused of all, and the rest stays as it is.
      for (const monitor of monitors)
        patchObject(
          queryClient,
          ["monitors"],
          await api.patch<Monitor>(`/monitors/${monitor.slug}`, changeOf(draft, monitor)),
        );
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ["monitors", "list"] });
      toast.done(`${plural(monitors.length, "monitor")} changed.`);
      onClose();
      onDone();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Change ${plural(monitors.length, "monitor")}`}
      description="What you leave as it is stays as each of them has it."
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" busy={save.isPending}>
            Change them
          </Button>
        </>
      }
    >
      <Form
        id={formId}
        problem={save.error}
        onSubmit={() => save.mutate()}
        className="grid gap-5 sm:grid-cols-2"
      >
        <div className="sm:col-span-2">
          <FormProblem problem={save.error} />
        </div>
        <Select
          label="Service"
          pointer="/service"
          value={draft.service}
          onChange={(service) => set({ service })}
          options={[AS_IT_IS, ...services.map(({ slug, name }) => ({ value: slug, label: name }))]}
        />
        <Select
          label="Check every"
          pointer="/every"
          value={draft.every}
          onChange={(every) => set({ every })}
          options={[AS_IT_IS, ...INTERVALS.map((value) => ({ value, label: durationWords(value) }))]}
        />
        <Select
          label="Severity"
          pointer="/severity"
          value={draft.severity}
          onChange={(severity) => set({ severity })}
          options={[AS_IT_IS, ...SEVERITIES]}
        />
        <Select
          label="Keep single checks"
          pointer="/keep"
          value={draft.keep}
          onChange={(keep) => set({ keep })}
          options={[AS_IT_IS, ...KEEPS]}
        />
        <LabelsField
          labels={draft.labels}
          onChange={(labels) => set({ labels })}
          help="Added to those they have."
        />
        <Input
          label="Labels to take away"
          help="Their names, with commas between them."
          placeholder="env, public"
          value={draft.without}
          onChange={(event) => set({ without: event.target.value })}
        />
      </Form>
    </Dialog>
  );
}

function changeOf({ labels, without, ...fields }: Draft, monitor: Monitor): Record<string, unknown> {
  const gone = without.split(",").map((name) => name.trim());
  const kept = Object.entries(monitor.labels).filter(([name]) => !gone.includes(name));
  const relabelled = { ...Object.fromEntries(kept), ...labels };
  const isRelabelled = JSON.stringify(relabelled) !== JSON.stringify(monitor.labels);
  const set = Object.entries(fields).filter(([, value]) => value !== "");
  return { ...Object.fromEntries(set), ...(isRelabelled ? { labels: relabelled } : {}) };
}
