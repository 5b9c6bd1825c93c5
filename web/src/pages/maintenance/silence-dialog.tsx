import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../lib/api.ts";
import type { Silence } from "../../lib/types.ts";
import { FilterChips } from "../../ui/filter-chips.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { toast } from "../../ui/toast.tsx";
import { SEVERITY_NAMES } from "../incidents/severities.ts";
import { LENGTHS } from "./lengths.ts";
import { refreshHolds } from "./queries.ts";
import { ScopePickers } from "./scope-pickers.tsx";

interface Draft {
  services: string[];
  monitors: string[];
  severities: string[];
  text: string;
  length: string;
  reason: string;
}

const bodyOf = ({ services, monitors, severities, text, length, reason }: Draft) => ({
  matchers: {
    ...(services.length > 0 ? { services } : {}),
    ...(monitors.length > 0 ? { monitors } : {}),
    ...(severities.length > 0 ? { severities } : {}),
    ...(text.trim() === "" ? {} : { text: text.trim() }),
  },
  for: length,
  reason,
});

/** Silences what matches for a while. */
export function SilenceDialog({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState<Draft>({
    services: [],
    monitors: [],
    severities: [],
    text: "",
    length: "1d",
    reason: "",
  });
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const save = useMutation({
    mutationFn: () => api.post<Silence>("/silences", bodyOf(draft)),
    onSuccess: () => {
      refreshHolds();
      toast.done("Silenced. Its alerts are recorded and wait.");
      onClose();
    },
  });
  return (
    <FormDialog
      title="Silence a known problem"
      description="All that you fill in must match; of a list, any one."
      wide
      submit="Silence it"
      busy={save.isPending}
      problem={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <Input
        label="Words in its title or labels"
        pointer="/matchers/text"
        optional
        autoFocus
        placeholder="disk"
        value={draft.text}
        onChange={(event) => set({ text: event.target.value })}
      />
      <ScopePickers scope={draft} base="/matchers" onChange={set} />
      <div>
        <p className="mb-1.5 text-sm font-medium">Severity</p>
        <FilterChips
          label="Severity"
          chips={SEVERITY_NAMES}
          selected={draft.severities}
          onChange={(severities) => set({ severities })}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-[11rem_minmax(0,1fr)]">
        <Select
          label="For"
          pointer="/for"
          value={draft.length}
          onChange={(length) => set({ length })}
          options={LENGTHS}
        />
        <Input
          label="Why?"
          pointer="/reason"
          optional
          placeholder="New disks come on Thursday"
          value={draft.reason}
          onChange={(event) => set({ reason: event.target.value })}
        />
      </div>
    </FormDialog>
  );
}
