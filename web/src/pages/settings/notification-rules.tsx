import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import { durationWords, parseDuration } from "../../lib/time.ts";
import type { ContactMethod, NotificationRules, Urgency } from "../../lib/types.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Select } from "../../ui/input.tsx";
import { Loaded, SkeletonRows } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { findingsQuery, methodsQuery, rulesQuery } from "./queries.ts";

type Rule = NotificationRules["high"][number];

const WAITS = ["0s", "1m", "2m", "3m", "5m", "10m", "15m", "30m"] as const;
const URGENCIES: readonly { urgency: Urgency; title: string; help: string }[] = [
  { urgency: "high", title: "High urgency", help: "Something is down and somebody must act now." },
  { urgency: "low", title: "Low urgency", help: "It can wait until morning." },
];

/** Which way is tried when, for each urgency. Without a rule every verified way is used at once. */
export function NotificationRulesCard({ person }: { person: string }) {
  const rules = useQuery(rulesQuery(person));
  const methods = useQuery(methodsQuery(person));
  return (
    <Card title="When a page comes">
      <Loaded query={rules} skeleton={<SkeletonRows rows={2} />}>
        {(saved) => (
          <Loaded query={methods} skeleton={<SkeletonRows rows={2} />}>
            {({ items }) => (
              <Rules key={JSON.stringify(saved)} person={person} saved={saved} methods={items} />
            )}
          </Loaded>
        )}
      </Loaded>
    </Card>
  );
}

function Rules({
  person,
  saved,
  methods,
}: {
  person: string;
  saved: NotificationRules;
  methods: readonly ContactMethod[];
}) {
  const [draft, setDraft] = useState(saved);
  const save = useMutation({
    mutationFn: () => api.put<NotificationRules>(`/users/${person}/notification-rules`, draft),
    onSuccess: (kept) => {
      queryClient.setQueryData(rulesQuery(person).queryKey, kept);
      void queryClient.invalidateQueries(findingsQuery(person));
      toast.done("Saved. The next page follows these rules.");
    },
  });
  if (methods.length === 0)
    return <p className="text-sm text-muted">Add a way to reach you first; then say when each is tried.</p>;
  const changed = JSON.stringify(draft) !== JSON.stringify(saved);
  return (
    <Form problem={save.error} onSubmit={() => save.mutate()} className="flex flex-col gap-6">
      <FormProblem problem={save.error} />
      {URGENCIES.map(({ urgency, title, help }) => (
        <Steps
          key={urgency}
          {...{ title, help, urgency, methods }}
          rules={draft[urgency]}
          onChange={(rules) => setDraft({ ...draft, [urgency]: rules })}
        />
      ))}
      {changed && (
        <div className="flex gap-2">
          <Button type="submit" variant="primary" busy={save.isPending}>
            Save rules
          </Button>
          <Button variant="ghost" onClick={() => setDraft(saved)}>
            Undo changes
          </Button>
        </div>
      )}
    </Form>
  );
}

interface StepsProps {
  title: string;
  help: string;
  urgency: Urgency;
  methods: readonly ContactMethod[];
  rules: readonly Rule[];
  onChange: (rules: Rule[]) => void;
}

function Steps({ title, help, urgency, methods, rules, onChange }: StepsProps) {
  const add = () => {
    const unused = methods.find(({ slug }) => !rules.some(({ via }) => via === slug)) ?? methods[0];
    const after = rules.length === 0 ? "0s" : "5m";
    if (unused) onChange([...rules, { via: unused.slug, after }]);
  };
  return (
    <fieldset>
      <legend className="text-sm font-medium">{title}</legend>
      <p className="text-sm text-muted">{help}</p>
      {rules.length === 0 ? (
        <p className="mt-3 rounded-md bg-sunken px-3 py-2 text-sm text-muted">Every verified way at once.</p>
      ) : (
        <ol className="mt-3 flex flex-col gap-2">
          {rules.map((rule, at) => (
            <Step
              // biome-ignore lint/suspicious/noArrayIndexKey: a rule is its place in the order
              key={at}
              rule={rule}
              pointer={`/${urgency}/${at}`}
              methods={methods}
              onChange={(next) => onChange(rules.with(at, next))}
              onRemove={() => onChange(rules.toSpliced(at, 1))}
            />
          ))}
        </ol>
      )}
      <Button size="sm" variant="ghost" className="mt-2 -ml-3 max-sm:h-11" onClick={add}>
        <Plus size={16} aria-hidden /> {rules.length === 0 ? "Set an order instead" : "Then also try"}
      </Button>
    </fieldset>
  );
}

interface StepProps {
  rule: Rule;
  pointer: string;
  methods: readonly ContactMethod[];
  onChange: (rule: Rule) => void;
  onRemove: () => void;
}

function Step({ rule, pointer, methods, onChange, onRemove }: StepProps) {
  const after = rule.after ?? "0s";
  const waits = WAITS.some((each) => parseDuration(each) === parseDuration(after))
    ? WAITS
    : [...WAITS, after];
  return (
    <li className="flex items-start gap-2 max-sm:flex-wrap max-sm:border-l-2 max-sm:border-line max-sm:pl-3">
      <Select
        label="When"
        hideLabel
        pointer={`${pointer}/after`}
        className="w-44 shrink-0 max-sm:flex-1"
        value={waits.find((each) => parseDuration(each) === parseDuration(after)) ?? after}
        onChange={(next) => onChange({ ...rule, after: next })}
        options={waits.map((each) => ({
          value: each,
          label: parseDuration(each) === 0 ? "At once" : `After ${durationWords(each)}`,
        }))}
      />
      <Select
        label="Which way"
        hideLabel
        pointer={`${pointer}/via`}
        className="flex-1 max-sm:order-1 max-sm:basis-full"
        value={rule.via}
        onChange={(via) => onChange({ ...rule, via })}
        options={methods.map(({ slug, destination, verified_at }) => ({
          value: slug,
          label: verified_at === null ? `${destination} (not verified)` : destination,
        }))}
      />
      <IconButton
        label="Remove this step"
        icon={<Trash2 size={16} />}
        className="max-sm:size-11"
        onClick={onRemove}
      />
    </li>
  );
}
