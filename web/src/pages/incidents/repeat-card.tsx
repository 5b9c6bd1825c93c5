import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Repeat2 } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import type { Incident, WhyAgain } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { RadioCards } from "../../ui/choice.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Textarea } from "../../ui/input.tsx";
import { problemsChanged } from "../problems/queries.ts";
import { WHY_AGAIN } from "../problems/words.ts";

/** The failure is known by name; a repeat asks why it happened again. */
export function RepeatCard({ incident }: { incident: Incident }) {
  const [asking, setAsking] = useState(false);
  const mayRespond = useMay("respond");
  const { problem } = incident;
  if (problem === null) return null;
  const answered = problem.why_again as WhyAgain | null;
  return (
    <section
      aria-label="Problem"
      className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-lg border border-line bg-surface p-4 sm:px-5"
    >
      <Repeat2 size={20} className="shrink-0 text-degraded" aria-hidden />
      <p className="min-w-0 flex-1 basis-60 text-sm">
        <span className="font-medium">
          {problem.repeat ? "This has happened before: " : "A known problem: "}
        </span>
        <Link
          to="/problems/$number"
          params={{ number: String(problem.number) }}
          className="text-brand-text underline-offset-4 hover:underline"
        >
          P-{problem.number} {problem.title}
        </Link>
        {problem.repeat && (
          <span className="block text-muted">
            {answered ? `Why again: ${WHY_AGAIN[answered].toLowerCase()}.` : "Why did it happen again?"}
          </span>
        )}
      </p>
      {problem.repeat && mayRespond && (
        <Button variant={answered ? "ghost" : "secondary"} onClick={() => setAsking(true)}>
          {answered ? "Change the answer" : "Say why"}
        </Button>
      )}
      {asking && <WhyAgainDialog incident={incident} answered={answered} onClose={() => setAsking(false)} />}
    </section>
  );
}

function WhyAgainDialog({
  incident,
  answered,
  onClose,
}: {
  incident: Incident;
  answered: WhyAgain | null;
  onClose: () => void;
}) {
  const [why, setWhy] = useState<string>(answered ?? "not_done");
  const [text, setText] = useState("");
  const save = useMutation({
    mutationFn: () => api.put(`/incidents/${incident.id}/why-again`, { why_again: why, text }),
    onSuccess: () => {
      problemsChanged();
      onClose();
    },
  });
  return (
    <FormDialog
      title="Why did it happen again?"
      description="The honest answer is the useful one."
      submit="Save"
      busy={save.isPending}
      problem={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <RadioCards
        label="Why again"
        pointer="/why_again"
        value={why}
        onChange={setWhy}
        options={Object.entries(WHY_AGAIN).map(([value, label]) => ({ value, label }))}
      />
      <Textarea
        label="In a sentence"
        pointer="/text"
        optional
        rows={3}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </FormDialog>
  );
}
