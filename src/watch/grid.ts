/**
 * When monitors are due: at `phase + k × interval`, counted from the epoch, the phase made of the monitor's id.
 * So lateness never adds up, a restart neither shifts nor bunches the checks, and every process agrees.
 */

/** FNV-1a with a final mix: ids made in the same millisecond differ only in their tails. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Where in its interval a monitor is due: whole ms in [0, everyMs). */
export const phaseOf = (id: string, everyMs: number): number => Math.floor((hash32(id) / 2 ** 32) * everyMs);

/** The first due time after `afterMs`; all epoch ms. */
export function nextDue(id: string, everyMs: number, afterMs: number): number {
  const phase = phaseOf(id, everyMs);
  return phase + (Math.floor((afterMs - phase) / everyMs) + 1) * everyMs;
}

/** How many due times lie in (fromMs, toMs]. */
export const dueBetween = (id: string, everyMs: number, fromMs: number, toMs: number): number =>
  Math.max(0, (nextDue(id, everyMs, toMs) - nextDue(id, everyMs, fromMs)) / everyMs);
