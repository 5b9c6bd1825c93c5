import { sql } from "kysely";
import { bearerActor } from "../org/sessions.ts";
import type { App } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { readiness } from "../platform/readiness.ts";
import { monitorMetrics } from "../watch/export/exposition.ts";
import type { Coverage } from "../watch/prober/protocol.ts";

export interface HealthOptions {
  /** Whether this process's prober runs, if it has one. A standby counts as ready: another process probes. */
  probing: () => boolean;
  coverage: () => { planned: number; onTime: number };
  /** Of each monitor that this process checks. */
  coverageByMonitor?: () => Promise<ReadonlyMap<string, Coverage>>;
}

/** `/healthz`: the process lives. `/readyz`: it can do its work, part by part. `/metrics`: for Prometheus; with a token also its monitors. */
export function healthRoutes(app: App, platform: Platform, options: HealthOptions): void {
  const { probing, coverage, coverageByMonitor } = options;
  const hidden = { schema: { hide: true }, logLevel: "silent" } as const;
  app.get("/healthz", hidden, async () => ({ status: "ok" }));
  app.get("/readyz", hidden, async (_request, reply) => {
    const state = await readiness(platform.db, { prober: () => (probing() ? null : "not started yet") });
    return reply.status(state.ready ? 200 : 503).send(state);
  });
  app.get("/metrics", hidden, async (request, reply) => {
    const actor = await bearerActor(platform, request);
    const { rows } = await sql<{ status: string; count: number }>`
      select status, count(*) as count from incidents where status <> 'resolved' group by status`.execute(
      platform.db,
    );
    const { metrics } = platform;
    const { planned, onTime } = coverage();
    metrics.coverage.set(planned === 0 ? 1 : onTime / planned);
    metrics.incidents.reset();
    for (const { status, count } of rows) metrics.incidents.set({ status }, count);
    const own = await metrics.registry.metrics();
    const monitors = actor ? await monitorMetrics(platform.db, actor, await coverageByMonitor?.()) : "";
    return reply.type(metrics.registry.contentType).send(own + monitors);
  });
}
