import { useSyncExternalStore } from "react";

/** The browser's clock; the one place that reads it. Milliseconds since 1970. */
export const nowMs = (): number => Date.now();

const listeners = new Set<() => void>();
let current = nowMs();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    current = nowMs();
    for (const tell of listeners) tell();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/**
 * What `read` makes of the time, kept current by one ticker for the whole page.
 * The component renders again only when the result changes, so return text or a rounded number.
 */
export function useTicking<T extends string | number | boolean>(read: (nowMs: number) => T): T {
  return useSyncExternalStore(subscribe, () => {
    if (listeners.size === 0 || nowMs() - current > 1000) current = nowMs();
    return read(current);
  });
}

/** The time in steps of `stepMs`, for what need not follow every second. */
export const useNow = (stepMs = 60_000): number => useTicking((now) => Math.floor(now / stepMs) * stepMs);
