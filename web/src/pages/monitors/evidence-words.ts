import { clockSeconds, toMs } from "../../lib/time.ts";
import type { Check } from "../../lib/types.ts";

/** "status 502, wanted 200–299 · local · 14:03:21" */
export const evidenceWords = (check: Check): string =>
  [check.reason, check.evidence?.location, clockSeconds(toMs(check.at))].filter(Boolean).join(" · ");
