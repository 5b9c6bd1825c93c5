import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What `/metrics` shows, in the Prometheus text format. Durations are in seconds, as its conventions ask. */
export interface Metrics {
  registry: Registry;
  checks: Counter<"status">;
  deliveries: Counter<"channel" | "outcome">;
  pageLatency: Histogram;
  incidents: Gauge<"status">;
  coverage: Gauge;
  partFailures: Counter<"part">;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  // The process itself: memory, CPU, and how late the main loop is.
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    checks: new Counter({
      name: "keepwatch_checks_total",
      help: "Checks run",
      labelNames: ["status"],
      registers,
    }),
    deliveries: new Counter({
      name: "keepwatch_delivery_attempts_total",
      help: "Attempts to deliver a message",
      labelNames: ["channel", "outcome"],
      registers,
    }),
    pageLatency: new Histogram({
      name: "keepwatch_page_latency_seconds",
      help: "From when a page was due to its being accepted by the channel",
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
    incidents: new Gauge({
      name: "keepwatch_open_incidents",
      help: "Incidents not resolved",
      labelNames: ["status"],
      registers,
    }),
    coverage: new Gauge({
      name: "keepwatch_check_coverage_ratio",
      help: "Planned checks that ran on time, of those since the prober's start",
      registers,
    }),
    partFailures: new Counter({
      name: "keepwatch_part_failures_total",
      help: "Failed runs of background parts",
      labelNames: ["part"],
      registers,
    }),
  };
}
