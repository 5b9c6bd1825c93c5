import { useRef } from "react";

/** Attributes of an element whose rows (`[data-row]`) are walked with arrow keys, Home and End. */
export function useWalkable(): {
  ref: React.RefObject<HTMLDivElement | null>;
  onKeyDown: (event: React.KeyboardEvent) => void;
} {
  const ref = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const current = (event.target as Element).closest<HTMLElement>("[data-row]");
    if (current === null || event.target !== current) return;
    const rows = [...(ref.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    const next = rows[nextIndex(event.key, rows.indexOf(current), rows.length)];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  return { ref, onKeyDown };
}

/** Which row a key leads to; -1 when the key is not for walking. */
export function nextIndex(key: string, from: number, count: number): number {
  if (key === "ArrowDown" || key === "j") return Math.min(from + 1, count - 1);
  if (key === "ArrowUp" || key === "k") return Math.max(from - 1, 0);
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return -1;
}
