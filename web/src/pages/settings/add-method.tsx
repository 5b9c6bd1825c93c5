import { useMutation } from "@tanstack/react-query";
import { Info } from "lucide-react";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { Channel, ContactMethod, TestResult } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { toast } from "../../ui/toast.tsx";
import { PairMethod } from "./pair-method.tsx";
import { methodsQuery } from "./queries.ts";

/** Sends a code through a method, so that only who has it can verify it. Throws nothing: says how it went. */
export async function sendCode(person: string, method: string): Promise<void> {
  try {
    const result = await api.post<TestResult>(`/users/${person}/contact-methods/${method}/send-code`);
    if (!result.ok) toast.failed(`The code could not be sent: ${result.detail}`);
  } catch (error) {
    toast.failed(error);
  }
}

/** The form of a channel as it describes itself. Saving sends the code at once. */
export function AddMethod({
  channel,
  person,
  proposed,
  onClose,
}: {
  channel: Channel;
  person: string;
  proposed: string;
  onClose: () => void;
}) {
  const [fields, setFields] = useState<Record<string, string>>(() =>
    proposed === "" ? {} : { [channel.form[0]?.name ?? ""]: proposed },
  );
  const add = useMutation({
    mutationFn: async () => {
      const made = await api.post<ContactMethod>(`/users/${person}/contact-methods`, {
        channel: channel.id,
        address: fields,
      });
      await sendCode(person, made.id);
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries(methodsQuery(person));
      onClose();
    },
  });
  if (!channel.available)
    return (
      <div className="flex flex-col gap-3 rounded-md bg-degraded-soft p-4 text-sm text-degraded">
        <p className="flex items-start gap-2">
          <Info size={16} className="mt-0.5 shrink-0" aria-hidden />
          <span>{channel.unavailable_reason}</span>
        </p>
        <div>
          <Button size="sm" onClick={onClose}>
            Choose another way
          </Button>
        </div>
      </div>
    );
  if (channel.pairing) return <PairMethod channel={channel} person={person} onClose={onClose} />;
  return (
    <Form
      problem={add.error}
      onSubmit={() => add.mutate()}
      className="flex flex-col gap-4 rounded-md border border-line p-4"
    >
      <FormProblem problem={add.error} />
      {channel.form.map((field, at) => (
        <Input
          key={field.name}
          label={field.label}
          help={field.help}
          pointer={`/address/${field.name}`}
          optional={!field.required}
          type={field.type === "secret" ? "password" : field.type}
          autoComplete={field.type === "secret" ? "new-password" : field.type === "email" ? "email" : "off"}
          mono={field.type === "url"}
          autoFocus={at === 0}
          value={fields[field.name] ?? ""}
          onChange={(event) => setFields({ ...fields, [field.name]: event.target.value })}
        />
      ))}
      <div className="flex gap-2">
        <Button type="submit" variant="primary" busy={add.isPending}>
          Add and send a code
        </Button>
        <Button variant="ghost" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </Form>
  );
}
