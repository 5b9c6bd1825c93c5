import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Incident } from "../../lib/types.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
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
    <FormDialog
      title="Hand it to somebody else"
      description="They are paged at once, and it rings until they take it."
      submit={name ? `Page ${name}` : "Hand it over"}
      disabled={chosen === ""}
      busy={verb.isPending}
      problem={verb.error}
      onSubmit={hand}
      onClose={onClose}
    >
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
    </FormDialog>
  );
}
