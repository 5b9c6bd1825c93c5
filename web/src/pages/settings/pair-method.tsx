import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api } from "../../lib/api.ts";
import type { Channel, Pairing } from "../../lib/types.ts";
import { Button, buttonClass } from "../../ui/button.tsx";
import { Code } from "../../ui/code.tsx";
import { FormProblem } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import { methodsQuery } from "./queries.ts";

const LOOK_MS = 2_000;

/** Ties an account of the person's to them: they send a code from it, and it appears among their methods. */
export function PairMethod({
  channel,
  person,
  onClose,
}: {
  channel: Channel;
  person: string;
  onClose: () => void;
}) {
  const begin = useMutation({
    mutationFn: () => api.post<Pairing>(`/users/${person}/contact-methods/pairings`, { channel: channel.id }),
  });
  const { mutate } = begin;
  useEffect(() => mutate(), [mutate]);
  const methods = useQuery({ ...methodsQuery(person), refetchInterval: LOOK_MS });
  const count = methods.data?.items.filter((method) => method.channel === channel.id).length;
  const before = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (count === undefined) return;
    before.current ??= count;
    if (count <= before.current) return;
    toast.done(`${channel.label} is connected.`);
    onClose();
  }, [count, channel.label, onClose]);
  return (
    <div className="flex flex-col gap-4 rounded-md border border-line p-4">
      <FormProblem problem={begin.error} />
      {begin.data && (
        <>
          <p className="text-sm">{begin.data.text}</p>
          <Code label="Code">{begin.data.code}</Code>
          <p className="text-sm text-muted" role="status">
            Waiting for it. It appears here by itself; the code works for 15 minutes, once.
          </p>
        </>
      )}
      <div className="flex flex-wrap gap-2">
        {begin.data?.url && (
          <a href={begin.data.url} target="_blank" rel="noreferrer" className={buttonClass("primary")}>
            Open {channel.label}
          </a>
        )}
        <Button variant="ghost" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
