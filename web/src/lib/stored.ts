import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

/** Reads a preference kept in this browser; private windows may refuse, then the fallback holds. */
export function stored(key: string, fallback: string): string {
  try {
    return localStorage.getItem(`keepwatch.${key}`) ?? fallback;
  } catch {
    return fallback;
  }
}

export function store(key: string, value: string): void {
  try {
    localStorage.setItem(`keepwatch.${key}`, value);
  } catch {
    // A browser that keeps nothing still works; it only forgets.
  }
  for (const tell of listeners) tell();
}

/** A preference of this browser and its setter; all users of the same key see the change at once. */
export function useStored(key: string, fallback: string): [string, (value: string) => void] {
  const value = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => stored(key, fallback),
  );
  return [value, (next) => store(key, next)];
}
