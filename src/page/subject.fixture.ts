import type { Subject } from "./model.ts";

/** What a page is about, kept in memory: `page` must work with any subject. */
export interface FakeSubject {
  status: Subject["status"];
  round: number;
  title: string;
  severity: string;
  urgency: Subject["urgency"];
  acknowledgedBy: string | null;
}

/** One that burns. */
export const pretended = (id: string): Subject =>
  describe(
    id,
    {
      status: "triggered",
      round: 1,
      title: "Shop home is down",
      severity: "SEV2",
      urgency: "high",
      acknowledgedBy: null,
    },
    12,
  );

/** A subject as the incident's folder would describe it. */
export function describe(id: string, subject: FakeSubject, number: number): Subject {
  const since = Temporal.Instant.from("2026-11-23T08:59:20Z");
  const { title, severity, urgency, status, acknowledgedBy } = subject;
  return {
    kind: "incident",
    id,
    number,
    title,
    severity,
    urgency,
    status,
    url: `http://keepwatch.test/incidents/${number}`,
    service: { slug: "shop", name: "Shop" },
    alerts: [
      {
        id: "0193588e-0000-7000-8000-000000000001",
        title: "Shop home",
        reason: "status 502, wanted 200–299",
        since,
        status: status === "resolved" ? "resolved" : "firing",
        evidence: ["status: got 502, wanted 200–299", "checked from local"],
      },
    ],
    since,
    runbook: { url: "https://example.com/runbook" },
    whoElse: [{ name: "Bo", level: 1 }],
    similar: [],
    acknowledged: status === "acknowledged" ? { by: acknowledgedBy ?? "somebody", at: since } : null,
    resolved: status === "resolved" ? { at: since, how: "recovered" } : null,
  };
}
