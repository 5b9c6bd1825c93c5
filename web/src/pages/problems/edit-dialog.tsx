import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../lib/api.ts";
import type { FailureProblem, ProblemState } from "../../lib/types.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Input, Select, Textarea } from "../../ui/input.tsx";
import { problemsChanged } from "./queries.ts";
import { CAUSES, causeWords, STATE_HELP, STATES } from "./words.ts";

/** What is known of the failure, and where its fix stands. */
export function EditDialog({ problem, onClose }: { problem: FailureProblem; onClose: () => void }) {
  const { title, mechanism, state, cause, trigger } = problem;
  const [draft, setDraft] = useState({
    ...{ title, mechanism, state, cause, trigger },
    accepted_because: problem.accepted_because ?? "",
  });
  const set = (part: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...part }));
  const save = useMutation({
    mutationFn: () =>
      api.patch(`/problems/${problem.number}`, {
        ...draft,
        accepted_because: draft.state === "accepted_risk" ? draft.accepted_because : null,
      }),
    onSuccess: () => {
      problemsChanged();
      onClose();
    },
  });
  return (
    <FormDialog
      title="Edit the problem"
      submit="Save"
      busy={save.isPending}
      problem={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <Input
        label="Title"
        pointer="/title"
        value={draft.title}
        onChange={(event) => set({ title: event.target.value })}
      />
      <Select
        label="Where the fix stands"
        pointer="/state"
        help={STATE_HELP[draft.state]}
        options={Object.entries(STATES).map(([value, label]) => ({ value, label }))}
        value={draft.state}
        onChange={(value) => set({ state: value as ProblemState })}
      />
      {draft.state === "accepted_risk" && (
        <Textarea
          label="Why may it stay as it is?"
          pointer="/accepted_because"
          rows={2}
          value={draft.accepted_because}
          onChange={(event) => set({ accepted_because: event.target.value })}
        />
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <Word label="Cause" pointer="/cause" value={draft.cause} onChange={(cause) => set({ cause })} />
        <Word
          label="Trigger"
          pointer="/trigger"
          value={draft.trigger}
          onChange={(trigger) => set({ trigger })}
        />
      </div>
      <Textarea
        label="How it fails"
        pointer="/mechanism"
        optional
        rows={5}
        help="The mechanism, for whoever meets it next. Markdown."
        value={draft.mechanism}
        onChange={(event) => set({ mechanism: event.target.value })}
      />
    </FormDialog>
  );
}

function Word({
  label,
  pointer,
  value,
  onChange,
}: {
  label: string;
  pointer: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const known = CAUSES.some((cause) => cause === value) ? CAUSES : [...CAUSES, value];
  return (
    <Select
      label={label}
      pointer={pointer}
      options={known.map((cause) => ({ value: cause, label: causeWords(cause) }))}
      value={value}
      onChange={onChange}
    />
  );
}
