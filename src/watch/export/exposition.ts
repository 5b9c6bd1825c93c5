import { Gauge, Registry } from "prom-client";
import type { Actor } from "../../org/actor.ts";
import type { Db } from "../../platform/database/database.ts";
import { visibleMonitors } from "../monitor-json.ts";
import type { Coverage } from "../prober/protocol.ts";
import { monitorStatus } from "../schema.ts";

/** Names of the blackbox exporter for the phases of a check; its dashboards and rules then read ours. */
const PHASES = {
  dns: "resolve",
  connect: "connect",
  tls: "tls",
  first_byte: "processing",
  transfer: "transfer",
} as const;

const LABELS = ["monitor", "kind", "service"] as const;

/**
 * The monitors that the actor may see, for Prometheus: names and meanings as the blackbox exporter's where it has
 * them, times in seconds, instants in seconds since the epoch. Paused monitors have no figures but their information.
 */
export async function monitorMetrics(
  db: Db,
  actor: Actor,
  coverage: ReadonlyMap<string, Coverage> = new Map(),
): Promise<string> {
  const registry = new Registry();
  const registers = [registry];
  const gauge = <Label extends string>(name: string, help: string, more: readonly Label[] = []) =>
    new Gauge<(typeof LABELS)[number] | Label>({ name, help, labelNames: [...LABELS, ...more], registers });
  const info = gauge("keepwatch_monitor_info", "A monitor that exists", ["name"]);
  const paused = gauge("keepwatch_monitor_paused", "Whether the monitor is paused");
  const status = gauge("keepwatch_monitor_status", "1 for the confirmed status", ["status"]);
  const since = gauge("keepwatch_monitor_status_since_timestamp_seconds", "When this status began");
  const success = gauge("probe_success", "Whether the last check found the target up or degraded");
  const checked = gauge("keepwatch_monitor_last_check_timestamp_seconds", "When the last check was made");
  const total = gauge("probe_duration_seconds", "How long the last check took");
  const phases = gauge("probe_phase_duration_seconds", "Each phase of the last check", ["phase"]);
  const due = gauge("keepwatch_monitor_due_checks", "Checks that fell due since the prober's start", [
    "outcome",
  ]);
  const expiry = gauge("probe_ssl_earliest_cert_expiry", "When the certificate seen last expires");
  for (const row of await visibleMonitors(db, actor).orderBy("monitors.slug").execute()) {
    const labels = { monitor: row.slug, kind: row.kind, service: row.service_slug };
    info.set({ ...labels, name: row.name }, 1);
    paused.set(labels, row.paused_at === null ? 0 : 1);
    if (row.paused_at !== null) continue;
    for (const each of monitorStatus.options)
      status.set({ ...labels, status: each }, each === row.status ? 1 : 0);
    since.set(labels, row.status_since.epochMilliseconds / 1000);
    const made = coverage.get(row.id);
    if (made) {
      due.set({ ...labels, outcome: "on_time" }, made.onTime);
      due.set({ ...labels, outcome: "late" }, made.late);
      due.set({ ...labels, outcome: "skipped" }, made.skipped);
    }
    const last = row.last_check;
    if (!last) continue;
    checked.set(labels, Temporal.Instant.from(last.at).epochMilliseconds / 1000);
    // Unknown says nothing about the target: a rule on probe_success must not fire for it.
    if (last.status !== "unknown") success.set(labels, last.status === "down" ? 0 : 1);
    if (last.timings.total !== null) total.set(labels, last.timings.total / 1000);
    for (const [phase, name] of Object.entries(PHASES)) {
      const ms = last.timings[phase as keyof typeof PHASES];
      if (ms !== null) phases.set({ ...labels, phase: name }, ms / 1000);
    }
    const expires = (last.evidence ?? row.last_failure?.evidence)?.certificate?.valid_to;
    if (expires) expiry.set(labels, Temporal.Instant.from(expires).epochMilliseconds / 1000);
  }
  return registry.metrics();
}
