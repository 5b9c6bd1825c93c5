import { useMutation } from "@tanstack/react-query";
import { useMay } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import type { Incident, Verdict } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { toast } from "../../ui/toast.tsx";
import { problemsChanged } from "../problems/queries.ts";
import type { SimilarIncident } from "./queries.ts";

const ANSWERS: readonly { verdict: Verdict; label: string; said: string }[] = [
  { verdict: "same_cause", label: "Same cause", said: "They are one problem now." },
  { verdict: "same_symptom", label: "Same symptom, other cause", said: "Noted: another cause." },
  { verdict: "unrelated", label: "Unrelated", said: "It won't be suggested here again." },
];

/** One click says what a machine can only guess. */
export function VerdictButtons({ incident, item }: { incident: Incident; item: SimilarIncident }) {
  const mayRespond = useMay("respond");
  const say = useMutation({
    mutationFn: ({ verdict }: { verdict: Verdict; said: string }) =>
      api.post(`/incidents/${incident.id}/likeness`, { other: item.incident.id, verdict }),
    onSuccess: (_, { said }) => {
      toast.done(said);
      problemsChanged();
    },
    onError: toast.failed,
  });
  const decided = incident.problem !== null && incident.problem.number === item.problem?.number;
  if (!mayRespond || decided) return null;
  return (
    <fieldset className="flex flex-wrap gap-2">
      <legend className="sr-only">Was it the same as #{item.incident.number}?</legend>
      {ANSWERS.map((answer) => (
        <Button
          key={answer.verdict}
          size="sm"
          busy={say.isPending && say.variables.verdict === answer.verdict}
          onClick={() => say.mutate(answer)}
        >
          {answer.label}
        </Button>
      ))}
    </fieldset>
  );
}
