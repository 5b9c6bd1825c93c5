import { nowMs } from "./clock.ts";

/** Somebody who touched the page this recently is about to touch it again. */
const HANDS_ON_MS = 1500;
let touched = Number.NEGATIVE_INFINITY;

for (const event of ["pointermove", "pointerdown", "keydown", "wheel"] as const)
  window.addEventListener(
    event,
    () => {
      touched = nowMs();
    },
    { passive: true, capture: true },
  );

/** Whether somebody's hands are on the page: what is under a thumb must not move then. */
export const handsOn = (): boolean => nowMs() - touched < HANDS_ON_MS;

/** Runs once the hands are off; the returned function forgets it. */
export function whenHandsOff(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const look = () => {
    if (handsOn()) timer = setTimeout(look, 300);
    else run();
  };
  look();
  return () => clearTimeout(timer);
}
