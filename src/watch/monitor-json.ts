import { mutedBy, silencesOn } from "../alert/silence/store.ts";
import type { InMaintenance, Muted } from "../catalog/maintenance/schema.ts";
import { maintenanceOf, windowsOn } from "../catalog/maintenance/store.ts";
import type { Actor } from "../org/actor.ts";
import { allowedRows } from "../org/visible.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { formatDuration } from "../platform/duration.ts";
import type { Secrets } from "../platform/secrets.ts";
import { type Figures, readFigures } from "./history.ts";
import { openConfig, shownConfig } from "./kind-config.ts";
import { kindById } from "./kinds/index.ts";
import { confirmJson } from "./monitors.ts";
import type { Monitor } from "./schema.ts";
import { slowJson } from "./slow.ts";
import "./table.ts";

const NO_FIGURES: Figures = {
  uptime: { day: null, month: null },
  latency: { p50: null, p95: null },
  recent: [],
};

export const monitorRows = (db: DbOrTx) =>
  db
    .selectFrom("monitors")
    .innerJoin("services", "services.id", "monitors.service_id")
    .selectAll("monitors")
    .select([
      "services.slug as service_slug",
      "services.name as service_name",
      "services.team_id as team",
      "services.visibility as visibility",
    ]);

export type MonitorRow = Awaited<ReturnType<ReturnType<typeof monitorRows>["execute"]>>[number];

/** Only those whose service the actor may see. */
export const visibleMonitors = (db: DbOrTx, actor: Actor) =>
  monitorRows(db).where(
    allowedRows(actor, "read", {
      type: "monitor",
      team: "services.team_id",
      visibility: "services.visibility",
    }),
  );

/** Monitors in the shape of the API, with the figures of their last month. */
export async function monitorsJson(
  db: DbOrTx,
  rows: readonly MonitorRow[],
  { now, secrets }: { now: Temporal.Instant; secrets: Secrets },
): Promise<Monitor[]> {
  const figures = await readFigures(
    db,
    rows.map((row) => row.id),
    now,
  );
  const [windows, silences] = await Promise.all([windowsOn(db, now), silencesOn(db, now)]);
  return rows.map((row) => {
    const subject = { monitor: row.slug, service: row.service_slug, labels: row.labels };
    const quiet = { maintenance: maintenanceOf(windows, subject), muted: mutedBy(silences, subject) };
    return monitorJson(row, { figures: figures.get(row.id) ?? NO_FIGURES, quiet, secrets });
  });
}

interface Context {
  figures: Figures;
  quiet: { maintenance: InMaintenance | null; muted: Muted | null };
  secrets: Secrets;
}

function monitorJson(row: MonitorRow, { figures, quiet, secrets }: Context): Monitor {
  // A kind that only a newer version knows is shown by name: one such monitor must not hide the others.
  const kind = kindById(row.kind);
  const config = kind ? openConfig(kind, row.config, secrets) : {};
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    kind: row.kind,
    service: { slug: row.service_slug, name: row.service_name },
    status: row.status,
    since: row.status_since.toString(),
    paused: row.paused_at !== null,
    maintenance: quiet.maintenance !== null,
    maintenance_window: quiet.maintenance,
    muted: quiet.muted,
    blocked_by: null,
    last_check: row.last_check,
    last_failure: row.last_failure,
    every: formatDuration(row.every_ms),
    timeout: formatDuration(row.timeout_ms),
    confirm: confirmJson(row.confirm),
    slow: slowJson(row.slow),
    severity: row.severity,
    urgency: row.urgency,
    labels: row.labels,
    keep: row.keep,
    config: kind ? shownConfig(kind, config) : {},
    sentence: sentence(
      row,
      kind?.describe(config) ?? `Of kind “${row.kind}”, which this version does not know.`,
    ),
    probed: kind?.probed ?? true,
    ...figures,
    managed_by: row.managed_by,
  };
}

function sentence(row: MonitorRow, what: string): string {
  if (kindById(row.kind)?.probed === false) return what;
  const { failures } = row.confirm;
  const confirmed = failures === 1 ? "at the first failure" : `after ${failures} failures in a row`;
  return `${what} Every ${formatDuration(row.every_ms)}; called down ${confirmed}.`;
}
