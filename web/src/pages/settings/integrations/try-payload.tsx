import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../../lib/api.ts";
import type { Integration, TryResult } from "../../../lib/types.ts";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { Form, FormProblem } from "../../../ui/field.tsx";
import { Select, Textarea } from "../../../ui/input.tsx";
import { integrationKindsQuery } from "./queries.ts";

/** What a payload would become: nothing is kept, nobody is paged. */
export function TryPayload({ integration }: { integration: Integration }) {
  const kind = useQuery(integrationKindsQuery).data?.items.find((each) => each.kind === integration.kind);
  const examples = kind?.examples.filter(({ path }) => path === "" || path === "/v2/enqueue") ?? [];
  const [example, setExample] = useState("");
  const [typed, setTyped] = useState<string | null>(null);
  const chosen = examples.find(({ name }) => name === example) ?? examples[0];
  const body = typed ?? chosen?.body ?? "";
  const attempt = useMutation({
    mutationFn: () =>
      api.post<TryResult>(`/integrations/${integration.slug}/try`, {
        body,
        content_type: typed === null ? (chosen?.content_type ?? "") : "",
      }),
  });
  return (
    <Card title="Try a payload">
      <Form problem={attempt.error} onSubmit={() => attempt.mutate()} className="flex flex-col gap-4">
        <p className="text-sm text-muted">
          What it would become, by the settings above. Nothing is kept and nobody is paged.
        </p>
        <FormProblem problem={attempt.error} />
        <Select
          label="Example"
          value={chosen?.name ?? ""}
          onChange={(name) => {
            setExample(name);
            setTyped(null);
            attempt.reset();
          }}
          options={examples.map(({ name }) => ({ value: name, label: name }))}
        />
        <Textarea
          label="Payload"
          pointer="/body"
          mono
          rows={10}
          spellCheck={false}
          value={body}
          onChange={(event) => setTyped(event.target.value)}
        />
        <div>
          <Button type="submit" busy={attempt.isPending}>
            Try it
          </Button>
        </div>
      </Form>
      {attempt.data && <Result result={attempt.data} />}
    </Card>
  );
}

function Result({ result }: { result: TryResult }) {
  if (result.outcome !== "understood")
    return (
      <p role="status" className="mt-4 rounded-md bg-degraded-soft px-3 py-2 text-sm text-degraded">
        {result.outcome === "refused" ? "Refused" : "It can't be read"}: {result.why?.replaceAll("`", "")}.
      </p>
    );
  const nothing = result.events.length + result.changes.length === 0;
  return (
    <div role="status" className="mt-4 flex flex-col gap-3 text-sm">
      {nothing && <p>Understood; it asks for nothing.</p>}
      {result.why && <p className="text-muted">{result.why}</p>}
      {result.events.map((event) => (
        <div key={`${event.action} ${event.dedup_key}`} className="rounded-md border border-line p-3">
          <p className="font-medium break-words">
            {VERBS[event.action] ?? event.action}: {event.title ?? event.dedup_key}
          </p>
          <p className="text-muted break-words">
            {[event.severity, event.urgency && `${event.urgency} urgency`, event.service, event.reason]
              .filter(Boolean)
              .join(" · ")}
          </p>
          <p className="mt-1 text-xs text-faint break-words">
            Key <code>{event.dedup_key}</code>
          </p>
        </div>
      ))}
      {result.changes.map(({ summary, at }) => (
        <p key={`${at} ${summary}`}>A change: {summary}</p>
      ))}
    </div>
  );
}

const VERBS: Readonly<Record<string, string>> = {
  trigger: "Fires",
  acknowledge: "Acknowledges",
  resolve: "Resolves",
};
