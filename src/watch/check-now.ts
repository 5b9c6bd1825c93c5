import { parseDuration } from "../platform/duration.ts";
import type { Platform } from "../platform/platform.ts";
import { invalid, missing, Refusal } from "../platform/refusal.ts";
import { checkOf } from "./engine.ts";
import { openConfig, parseKindConfig } from "./kind-config.ts";
import type { MonitorKind } from "./kinds/index.ts";
import { kindOf } from "./monitors.ts";
import type { Prober } from "./prober/prober.ts";
import type { CheckNow } from "./routes.ts";
import "./table.ts";

/** One check at once through the running prober, from the same place as all others. Nothing is saved. */
export function checkNowWith(platform: Platform, prober: () => Prober | undefined): CheckNow {
  const running = (): Prober => {
    const found = prober();
    if (found) return found;
    throw new Refusal(
      "unavailable",
      "The prober does not run in this process, or has not started yet. Try again in a moment.",
    );
  };
  return {
    coverage: async (monitorId) => (await running().coverageByMonitor()).get(monitorId),
    async stored(slug) {
      const row = await platform.db
        .selectFrom("monitors")
        .selectAll()
        .where("slug", "=", slug)
        .executeTakeFirst();
      if (!row) throw missing(`monitor "${slug}"`);
      refuseTold(kindOf(row.kind));
      const config = openConfig(kindOf(row.kind), row.config, platform.secrets);
      const target = { id: row.id, kind: row.kind, config, everyMs: row.every_ms, timeoutMs: row.timeout_ms };
      const result = await running().checkNow(target);
      return checkOf(result, result.status);
    },
    async tried({ kind: id, timeout, fields }) {
      const kind = kindOf(id);
      refuseTold(kind);
      const config = parseKindConfig(kind, fields);
      const timeoutMs = parseDuration(timeout);
      if (timeoutMs === undefined || timeoutMs > 60_000)
        throw invalid("/timeout", "A trial may take 60s at the most.");
      const result = await running().checkNow({
        id: "trial",
        kind: kind.id,
        config,
        everyMs: 60_000,
        timeoutMs,
      });
      return checkOf(result, result.status);
    },
  };
}

function refuseTold({ id, probed = true }: MonitorKind): void {
  if (probed) return;
  throw new Refusal("conflict", `A monitor of kind ${id} waits to be told: there is nothing to check.`);
}
