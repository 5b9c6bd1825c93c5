import { z } from "zod";
import { defineKind, NO_TIMINGS } from "../kind.ts";

const manualConfig = z.strictObject({});

const example = `monitors:
  - slug: support-hotline
    service: support
    kind: manual
`;

const docs = `Has the status that people or scripts give it. For what no program can check: a hotline, a supplier's word, a
machine room without a network.

\`\`\`yaml
${example}\`\`\`

Set it on its page, by \`keepwatch status support-hotline down --reason "…" --for 2h\`, or by \`POST /api/v1/monitors/{slug}/status\`
with \`{"status": "down", "reason": "…", "for": "2h"}\`; responders may, and their tokens. It holds from then on, without
confirmation: down and degraded page as any other monitor's, and up ends it. With \`for\`, down and degraded become up again
when that time is over, and up becomes unknown: nobody has said anything since.

Until it was set once, it is unknown.`;

export const manual = defineKind<z.infer<typeof manualConfig>, "manual">({
  id: "manual",
  label: "Manual",
  probed: false,
  schema: manualConfig,
  form: [],
  docs,
  example,
  secrets: () => [],
  host: () => "",
  describe: () => "Has the status that people give it.",
  check: async () => ({
    status: "unknown",
    reason: "its status is set by hand; there is nothing to check",
    cause: "manual:none",
    timings: NO_TIMINGS,
    evidence: null,
    hard: false,
  }),
});
