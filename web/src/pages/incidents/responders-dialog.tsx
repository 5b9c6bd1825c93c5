import { useState } from "react";
import type { Incident } from "../../lib/types.ts";
import { Chosen } from "../../ui/chosen.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { useTargets } from "../oncall/targets.ts";
import { useVerb } from "./verbs.ts";

const LISTS = { user: "users", team: "teams", schedule: "schedules" } as const;

const isAskable = (key: string): boolean => /^(user|team|schedule):/.test(key);

/** `user:ada@example.com` and the like, as the lists that the request has. */
function listsOf(keys: readonly string[]): Record<string, string[]> {
  const lists: Record<string, string[]> = {};
  for (const [kind, list] of Object.entries(LISTS)) {
    const named = keys.filter((key) => key.startsWith(`${kind}:`)).map((key) => key.slice(kind.length + 1));
    if (named.length > 0) lists[list] = named;
  }
  return lists;
}

/** Pages others at once, whatever the escalation does: people, teams, or whoever is on call somewhere. */
export function RespondersDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const [chosen, setChosen] = useState<string[]>([]);
  const [message, setMessage] = useState("");
  const all = useTargets().filter(({ value }) => isAskable(value));
  const verb = useVerb(incident, { quiet: true });
  const ask = () =>
    verb.mutate(
      {
        verb: "responders",
        body: { ...listsOf(chosen), ...(message.trim() === "" ? {} : { message: message.trim() }) },
        said: "They are being paged.",
      },
      { onSuccess: onClose },
    );
  return (
    <FormDialog
      title="Ask others for help"
      description="They are paged at once. Who has it keeps it, and the escalation goes on as it would have."
      submit="Page them"
      disabled={chosen.length === 0}
      busy={verb.isPending}
      problem={verb.error}
      onSubmit={ask}
      onClose={onClose}
    >
      <Chosen
        items={chosen.map((value) => ({
          value,
          label: all.find((each) => each.value === value)?.label ?? value,
        }))}
        onTakeOut={(value) => setChosen(chosen.filter((other) => other !== value))}
      />
      <Select
        label="Whom"
        pointer="/users"
        value=""
        onChange={(key) => key !== "" && setChosen([...chosen, key])}
        options={[
          { value: "", label: chosen.length === 0 ? "Choose who" : "Add somebody" },
          ...all.filter(({ value }) => !chosen.includes(value)),
        ]}
      />
      <Input
        label="What they should know"
        pointer="/message"
        maxLength={500}
        placeholder="The database is full; we need its owner"
        value={message}
        onChange={(event) => setMessage(event.target.value)}
      />
    </FormDialog>
  );
}
