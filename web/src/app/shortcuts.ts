import { useEffect, useRef, useSyncExternalStore } from "react";
import { nowMs } from "../lib/clock.ts";

export interface Shortcut {
  /** "a", "?", or two in a row: "g i". */
  keys: string;
  label: string;
  group: string;
  /** Means what is on this page, and so hides the same keys of the frame whichever came later. */
  near?: boolean;
  run: () => void;
}

let shortcuts: readonly Shortcut[] = [];
const listeners = new Set<() => void>();
const set = (next: readonly Shortcut[]) => {
  shortcuts = next;
  for (const tell of listeners) tell();
};

/** What the keys do on this page now; a later one hides an earlier one with the same keys. */
export function useShortcutList(): readonly Shortcut[] {
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shortcuts,
  );
  return [...new Map(all.map((shortcut) => [shortcut.keys, shortcut])).values()];
}

/** Gives keys a meaning while mounted and `enabled`. */
export function useShortcut(shortcut: Shortcut, enabled = true): void {
  const { keys, label, group, near } = shortcut;
  const run = useRef(shortcut.run);
  run.current = shortcut.run;
  useEffect(() => {
    if (!enabled) return;
    const mine: Shortcut = { keys, label, group, near, run: () => run.current() };
    set([...shortcuts, mine].toSorted((a, b) => Number(a.near ?? false) - Number(b.near ?? false)));
    return () => set(shortcuts.filter((other) => other !== mine));
  }, [keys, label, group, near, enabled]);
}

const SEQUENCE_MS = 1200;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest("input,textarea,select,[role=menu],[role=combobox]") !== null);

/** Listens for all shortcuts; once, in the frame. Never while typing, nor in a dialog. */
export function useShortcutKeys(): void {
  useEffect(() => {
    let before = { key: "", at: 0 };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (
        isTyping(event.target) ||
        document.querySelector("[role=dialog][data-state=open]:not([data-beside])")
      )
        return;
      const sequence = nowMs() - before.at < SEQUENCE_MS ? `${before.key} ${event.key}` : "";
      const found =
        shortcuts.findLast((shortcut) => shortcut.keys === sequence) ??
        shortcuts.findLast((shortcut) => shortcut.keys === event.key);
      before = { key: event.key, at: nowMs() };
      if (found === undefined) return;
      event.preventDefault();
      found.run();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
