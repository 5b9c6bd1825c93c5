import { useMe } from "../../app/session.ts";
import { clockTime } from "../../lib/time.ts";
import type { Incident } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Person } from "../../ui/small.tsx";
import { Time } from "../../ui/time.tsx";
import { useVerb } from "./verbs.ts";

/** Who was asked for help and what they said; whoever is asked answers here. */
export function Responders({ incident }: { incident: Incident }) {
  const { user } = useMe();
  if (incident.responders.length === 0) return null;
  const mine = incident.responders.find(({ person }) => person.id === user.id);
  return (
    <Card title="Asked for help">
      {mine?.answer === null && incident.status !== "resolved" && <Asked incident={incident} mine={mine} />}
      <ul className="flex flex-col gap-3 text-sm">
        {incident.responders.map((responder) => (
          <li key={responder.person.id} className="flex items-start justify-between gap-3">
            <div className="min-w-0">
              <span className="font-medium">
                <Person name={responder.person.name} />
              </span>
              <p className="mt-0.5 pl-8 text-xs break-words text-muted">
                by {responder.asked_by}, <Time at={responder.asked_at} format={(ms) => clockTime(ms)} />
                {responder.message !== "" && `: ${responder.message}`}
              </p>
            </div>
            <Answer answer={responder.answer} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Answer({ answer }: { answer: Incident["responders"][number]["answer"] }) {
  if (answer === null) return <span className="shrink-0 text-xs text-muted">no answer yet</span>;
  return answer === "accepted" ? (
    <span className="shrink-0 text-xs font-medium text-up">is helping</span>
  ) : (
    <span className="shrink-0 text-xs text-down">can't help</span>
  );
}

function Asked({ incident, mine }: { incident: Incident; mine: Incident["responders"][number] }) {
  const verb = useVerb(incident);
  const say = (answer: "accepted" | "declined", said: string) =>
    verb.mutate({ verb: "responders/answer", body: { answer }, said });
  return (
    <div className="mb-4 rounded-md bg-brand-soft px-3 py-3 text-sm">
      <p>{mine.asked_by} asks you for help.</p>
      <div className="mt-2 flex gap-2">
        <Button variant="primary" busy={verb.isPending} onClick={() => say("accepted", "You are helping.")}>
          I'm coming
        </Button>
        <Button disabled={verb.isPending} onClick={() => say("declined", "They know that you can't.")}>
          I can't
        </Button>
      </div>
    </div>
  );
}
