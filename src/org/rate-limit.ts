import type { Clock } from "../platform/clock.ts";

interface Rule {
  /** Seconds. */
  window: number;
  max: number;
}

/** Entries beyond this are forgotten, oldest first: a flood of addresses must not fill the memory. */
const MOST_KEYS = 10_000;

/** Counts requests per key in fixed windows, in this process's memory. Shaped as better-auth's rate-limit storage. */
export function createRateLimit(clock: Pick<Clock, "now">): {
  consume(key: string, rule: Rule): Promise<{ allowed: boolean; retryAfter: number | null }>;
} {
  const windows = new Map<string, { endsMs: number; count: number }>();
  return {
    async consume(key, { window, max }) {
      const nowMs = clock.now().epochMilliseconds;
      const open = windows.get(key);
      const current = open && open.endsMs > nowMs ? open : { endsMs: nowMs + window * 1_000, count: 0 };
      current.count += 1;
      windows.delete(key);
      windows.set(key, current);
      const oldest = windows.size > MOST_KEYS ? windows.keys().next().value : undefined;
      if (oldest !== undefined) windows.delete(oldest);
      const allowed = current.count <= max;
      return { allowed, retryAfter: allowed ? null : Math.ceil((current.endsMs - nowMs) / 1_000) };
    },
  };
}
