import { useMutation, useQuery } from "@tanstack/react-query";
import { Store } from "lucide-react";
import { useCallback, useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api, messageOf } from "../../lib/api.ts";
import { cn } from "../../lib/cn.ts";
import type { Guess, Monitor, SampleShop } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Field, FormProblem } from "../../ui/field.tsx";
import { controlClass } from "../../ui/input.tsx";
import { Skeleton } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { CheckResult } from "../monitors/check-now.tsx";
import { createBody, type Draft, emptyDraft } from "../monitors/draft.ts";
import { useGuess, useTry } from "../monitors/use-try.ts";
import { sampleShopQuery } from "./queries.ts";
import { StepHeading } from "./setup-frame.tsx";
import { StepFoot } from "./step-foot.tsx";

/** Paste an address: it is checked at once. Or begin with the shop that comes with Keepwatch. */
export function WatchStep({ onDone, onSkip }: { onDone: () => void; onSkip: () => void }) {
  const [text, setText] = useState("");
  const [draft, setDraft] = useState<Draft>(() => emptyDraft());
  const known = Object.keys(draft.fields).length > 0 && text.trim() !== "";
  const onGuess = useCallback(({ kind, config, name, slug }: Guess) => {
    setDraft((before) => ({ ...before, kind, name, slug, fields: config }));
  }, []);
  const guess = useGuess(text, onGuess);
  const tried = useTry(draft, known);
  const save = useMutation({
    mutationFn: () => api.post<Monitor>("/monitors", createBody(draft)),
    onSuccess: (monitor) => {
      void queryClient.invalidateQueries({ queryKey: ["services"] });
      toast.done(`${monitor.name} is watched from now on.`);
      onDone();
    },
  });
  return (
    <>
      <StepHeading title="What should we watch?">
        Paste the address of something that must not fail. It is checked at once; nothing is saved until you
        say so.
      </StepHeading>
      <Field label="What should we watch?" hideLabel error={guess.error ? messageOf(guess.error) : undefined}>
        {(control) => (
          <input
            {...control}
            // biome-ignore lint/a11y/noAutofocus: the step is this one box
            autoFocus
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            inputMode="url"
            placeholder="https://shop.example.com/health"
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => event.key === "Enter" && guess.now()}
            className={cn(controlClass, "h-14 px-5 font-mono text-base!")}
          />
        )}
      </Field>
      {known ? (
        <Card className="mt-6" title={`What ${draft.name} answers now`}>
          <div aria-live="polite">
            <FormProblem problem={tried.error ?? save.error} />
            {tried.data === undefined && tried.isPending && <Skeleton className="h-48" />}
            {tried.data !== undefined && <CheckResult check={tried.data} />}
          </div>
        </Card>
      ) : (
        <SampleShopOffer onDone={onDone} />
      )}
      <StepFoot onSkip={onSkip}>
        {known && (
          <Button variant="primary" size="lg" busy={save.isPending} onClick={() => save.mutate()}>
            {tried.data?.status === "down" ? "Watch it all the same" : "Watch it"}
          </Button>
        )}
      </StepFoot>
    </>
  );
}

/** Something to watch and to break, for those who first want to see what happens. */
function SampleShopOffer({ onDone }: { onDone: () => void }) {
  const shop = useQuery(sampleShopQuery);
  const watch = useMutation({
    mutationFn: () => api.post<SampleShop>("/sample-shop/watch"),
    onSuccess: (watched) => {
      queryClient.setQueryData(sampleShopQuery.queryKey, watched);
      void queryClient.invalidateQueries({ queryKey: ["services"] });
      onDone();
    },
    onError: toast.failed,
  });
  if (shop.data === undefined) return null;
  return (
    <div className="mt-6 flex flex-wrap items-center gap-4 rounded-lg border border-line bg-surface p-4 sm:p-5">
      <Store size={22} className="shrink-0 text-muted" aria-hidden />
      <p className="min-w-0 flex-1 basis-60 text-sm">
        <span className="font-medium">Only looking?</span>{" "}
        <span className="text-muted">
          Keepwatch brings a little shop along. Watch it, break it with one click, and see the page arrive.
        </span>
      </p>
      <Button busy={watch.isPending} onClick={() => watch.mutate()}>
        Watch the sample shop
      </Button>
    </div>
  );
}
