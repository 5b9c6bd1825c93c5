import { useId, useState } from "react";
import { plural } from "../../lib/format.ts";
import type { Incident } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { EvidenceLine } from "../../ui/code.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Textarea } from "../../ui/input.tsx";
import { useVerb } from "./verbs.ts";

/** Ends it, with what fixed it for the record. While a check still fails it asks whether it is really fixed. */
export function ResolveDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const [note, setNote] = useState("");
  const verb = useVerb(incident, { quiet: true });
  const formId = useId();
  const firing = incident.alerts.filter((alert) => alert.status === "firing");
  const fails = firing.length > 0;
  const resolve = () =>
    verb.mutate(
      {
        verb: "resolve",
        body: {
          ...(note.trim() === "" ? {} : { note: note.trim() }),
          ...(fails ? { still_failing: "really_fixed" } : {}),
        },
        said: fails
          ? `#${incident.number} is resolved. If it still fails in 5 minutes, a new incident opens.`
          : `#${incident.number} is resolved. Those who were paged are told.`,
      },
      { onSuccess: onClose },
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title={fails ? "Is it really fixed?" : `Resolve #${incident.number}?`}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {fails ? "Not yet" : "Cancel"}
          </Button>
          <Button type="submit" form={formId} variant="primary" busy={verb.isPending}>
            {fails ? "Yes, really fixed" : "Resolve"}
          </Button>
        </>
      }
    >
      <Form
        id={formId}
        problem={verb.error}
        onSubmit={resolve}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) resolve();
        }}
        className="flex flex-col gap-4"
      >
        <FormProblem problem={verb.error} />
        {fails && (
          <div className="flex flex-col gap-2">
            <p className="text-sm">
              {plural(firing.length, "check")} still {firing.length === 1 ? "fails" : "fail"}. Keepwatch looks
              again in 5 minutes, and opens a new, linked incident for what still fails then.
            </p>
            {firing.slice(0, 3).map((alert) => (
              <EvidenceLine key={alert.id}>{alert.reason || alert.title}</EvidenceLine>
            ))}
          </div>
        )}
        <Textarea
          label="What fixed it?"
          optional
          autoFocus
          rows={3}
          help="It goes on the timeline, and the next time this happens it is the first thing they read."
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </Form>
    </Dialog>
  );
}
