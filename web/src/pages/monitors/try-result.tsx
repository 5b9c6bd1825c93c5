import { RefreshCw } from "lucide-react";
import { getAt, setAt } from "../../lib/pointer.ts";
import type { Check, FormField } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { FormProblem } from "../../ui/field.tsx";
import { Skeleton } from "../../ui/states.tsx";
import type { Pick } from "./body-picker.tsx";
import { CheckResult } from "./check-now.tsx";
import type { Draft } from "./draft.ts";

interface Tried {
  data: Check | undefined;
  error: unknown;
  isPending: boolean;
  again: () => void;
}

/** What the check finds now, before anything is saved. */
export function TryResult({ tried, onPick }: { tried: Tried; onPick: (pick: Pick) => void }) {
  return (
    <Card
      title="What it finds now"
      aside={
        <Button size="sm" variant="ghost" busy={tried.isPending} onClick={tried.again}>
          <RefreshCw size={15} aria-hidden /> Again
        </Button>
      }
    >
      <div aria-live="polite">
        <FormProblem problem={tried.error} />
        {tried.data === undefined && tried.isPending && <Skeleton className="h-64" />}
        {tried.data !== undefined && <CheckResult check={tried.data} onPick={onPick} />}
      </div>
    </Card>
  );
}

/** The draft with one more expectation, put where the kind's form has a place for it; unchanged when it has none. */
export function withPick(draft: Draft, form: readonly FormField[], pick: Pick): Draft {
  if (pick.kind === "text") {
    const field = form.find((each) => each.name.endsWith("body_contains"));
    return field === undefined ? draft : { ...draft, fields: setAt(draft.fields, field.name, pick.text) };
  }
  const field = form.find((each) => each.type === "list" && each.name.endsWith("json"));
  const [path, value] = field?.of ?? [];
  if (field === undefined || path === undefined || value === undefined) return draft;
  const before = getAt(draft.fields, field.name);
  const items = (Array.isArray(before) ? before : []) as Record<string, unknown>[];
  const others = items.filter((item) => item[path.name] !== pick.path);
  const next = [...others, { [path.name]: pick.path, [value.name]: pick.value }];
  return { ...draft, fields: setAt(draft.fields, field.name, next) };
}
