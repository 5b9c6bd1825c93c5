import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api } from "../../lib/api.ts";
import type { Check, Guess } from "../../lib/types.ts";
import { type Draft, tryBody } from "./draft.ts";
import { useProbed } from "./queries.ts";

const SETTLE_MS = 700;

/** Runs the draft's check whenever what it checks has settled, saving nothing. `ready` is false while there is nothing to check. */
export function useTry(draft: Draft, ready: boolean) {
  const run = useMutation({
    mutationFn: (body: Record<string, unknown>) => api.post<Check>("/monitors/try", body),
  });
  const probed = useProbed(draft.kind) ?? false;
  const wanted = JSON.stringify(tryBody(draft));
  const ran = useRef("");
  const { mutate } = run;
  useEffect(() => {
    if (!ready || !probed || wanted === ran.current) return;
    const timer = setTimeout(
      () => {
        ran.current = wanted;
        mutate(JSON.parse(wanted) as Record<string, unknown>);
      },
      ran.current === "" ? 0 : SETTLE_MS,
    );
    return () => clearTimeout(timer);
  }, [ready, probed, wanted, mutate]);
  return { ...run, again: () => mutate(tryBody(draft)) };
}

/** Asks how to watch what was typed, once typing has settled. */
export function useGuess(text: string, onGuess: (guess: Guess) => void) {
  const guess = useMutation({
    mutationFn: (typed: string) => api.post<Guess>("/monitors/guess", { text: typed }),
    onSuccess: onGuess,
  });
  const { mutate, reset } = guess;
  const trimmed = text.trim();
  useEffect(() => {
    if (trimmed.length < 4) return reset();
    const timer = setTimeout(() => mutate(trimmed), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [trimmed, mutate, reset]);
  return { error: guess.error, now: () => mutate(trimmed) };
}
