import { useState } from "react";
import { nowMs } from "../../lib/clock.ts";
import { plural } from "../../lib/format.ts";
import { dayTime } from "../../lib/time.ts";
import type { Incident } from "../../lib/types.ts";
import { RadioCards } from "../../ui/choice.tsx";
import { EvidenceLine } from "../../ui/code.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Select, Textarea } from "../../ui/input.tsx";
import { useVerb } from "./verbs.ts";

const SILENCES = [
  { value: "1", label: "1 hour" },
  { value: "4", label: "4 hours" },
  { value: "12", label: "12 hours" },
  { value: "24", label: "1 day" },
  { value: "72", label: "3 days" },
  { value: "168", label: "1 week" },
] as const;

function afterwards(fails: boolean, silentUntil: number | null): string {
  if (silentUntil !== null) return `What still fails is silenced until ${dayTime(silentUntil, nowMs())}.`;
  return fails ? "If it still fails in 5 minutes, a new incident opens." : "Those who were paged are told.";
}

/** Ends it, with what fixed it for the record. While a check still fails it asks whether it is really fixed or to be silenced. */
export function ResolveDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const [note, setNote] = useState("");
  const [answer, setAnswer] = useState<"really_fixed" | "silence">("really_fixed");
  const [hours, setHours] = useState("4");
  const verb = useVerb(incident, { quiet: true });
  const firing = incident.alerts.filter((alert) => alert.status === "firing");
  const fails = firing.length > 0;
  const silent = fails && answer === "silence";
  const resolve = () => {
    const until = nowMs() + Number(hours) * 3_600_000;
    verb.mutate(
      {
        verb: "resolve",
        body: {
          ...(note.trim() === "" ? {} : { note: note.trim() }),
          ...(fails ? { still_failing: answer } : {}),
          ...(silent ? { silence_until: new Date(until).toISOString() } : {}),
        },
        said: `#${incident.number} is resolved. ${afterwards(fails, silent ? until : null)}`,
      },
      { onSuccess: onClose },
    );
  };
  return (
    <FormDialog
      title={fails ? "Is it really fixed?" : `Resolve #${incident.number}?`}
      submit={fails ? (silent ? "Resolve and silence" : "Yes, really fixed") : "Resolve"}
      cancel={fails ? "Not yet" : "Cancel"}
      busy={verb.isPending}
      problem={verb.error}
      onSubmit={resolve}
      onClose={onClose}
    >
      {fails && (
        <div className="flex flex-col gap-2">
          <p className="text-sm">
            {plural(firing.length, "check")} still {firing.length === 1 ? "fails" : "fail"}.
          </p>
          {firing.slice(0, 3).map((alert) => (
            <EvidenceLine key={alert.id}>{alert.reason || alert.title}</EvidenceLine>
          ))}
          <RadioCards
            label="What about it?"
            value={answer}
            onChange={(value) => setAnswer(value === "silence" ? "silence" : "really_fixed")}
            options={[
              {
                value: "really_fixed",
                label: "It is really fixed",
                help: "Keepwatch looks again in 5 minutes, and opens a new, linked incident for what still fails then.",
              },
              {
                value: "silence",
                label: "It is known: silence it for a while",
                help: "These problems page nobody until then. What still fails then opens a new, linked incident.",
              },
            ]}
          />
          {silent && <Select label="Silence it for" value={hours} onChange={setHours} options={SILENCES} />}
        </div>
      )}
      <Textarea
        label={silent ? "What is known of it?" : "What fixed it?"}
        optional
        autoFocus
        rows={3}
        help="It goes on the timeline, and the next time this happens it is the first thing they read."
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </FormDialog>
  );
}
