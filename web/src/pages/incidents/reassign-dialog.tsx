import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Incident } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Select } from "../../ui/input.tsx";
import { Segmented } from "../../ui/tabs.tsx";
import { policiesQuery } from "../services/queries.ts";
import { peopleQuery } from "./queries.ts";
import { useVerb } from "./verbs.ts";

/** Hands it to one person, or to another escalation policy; a new round of pages begins there. */
export function ReassignDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const [to, setTo] = useState<"person" | "policy">("person");
  const [person, setPerson] = useState("");
  const [policy, setPolicy] = useState("");
  const people = useQuery(peopleQuery);
  const policies = useQuery(policiesQuery);
  const verb = useVerb(incident, { quiet: true });
  const formId = useId();
  const chosen = to === "person" ? person : policy;
  const name =
    to === "person"
      ? people.data?.items.find((each) => each.email === person)?.name
      : policies.data?.items.find((each) => each.slug === policy)?.name;
  const hand = () =>
    verb.mutate(
      {
        verb: "reassign",
        body: to === "person" ? { user: person } : { escalation_policy: policy },
        said: `${name} is being paged.`,
      },
      { onSuccess: onClose },
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title="Hand it to somebody else"
      description="They are paged at once, and it rings until they take it."
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            disabled={chosen === ""}
            busy={verb.isPending}
          >
            {name ? `Page ${name}` : "Hand it over"}
          </Button>
        </>
      }
    >
      <Form id={formId} problem={verb.error} onSubmit={hand} className="flex flex-col gap-4">
        <FormProblem problem={verb.error} />
        <Segmented
          label="To whom"
          options={[
            { value: "person", label: "A person" },
            { value: "policy", label: "A policy" },
          ]}
          value={to}
          onChange={setTo}
        />
        {to === "person" ? (
          <Select
            label="Person"
            pointer="/user"
            value={person}
            onChange={setPerson}
            options={[
              { value: "", label: "Choose a person" },
              ...(people.data?.items ?? []).map((each) => ({ value: each.email, label: each.name })),
            ]}
          />
        ) : (
          <Select
            label="Escalation policy"
            pointer="/escalation_policy"
            help="Its first level is paged, then the next ones as it says."
            value={policy}
            onChange={setPolicy}
            options={[
              { value: "", label: "Choose a policy" },
              ...(policies.data?.items ?? []).map((each) => ({ value: each.slug, label: each.name })),
            ]}
          />
        )}
      </Form>
    </Dialog>
  );
}
