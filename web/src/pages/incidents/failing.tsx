import { clockSeconds, toMs } from "../../lib/time.ts";
import type { Evidence, Incident } from "../../lib/types.ts";
import { Card } from "../../ui/card.tsx";
import { EvidenceLine } from "../../ui/code.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { Time } from "../../ui/time.tsx";
import { CheckEvidence } from "../monitors/check-evidence.tsx";
import { AlertMonitor } from "./alert-monitor.tsx";
import { SentDetails, sentOf } from "./sent-details.tsx";

type IncidentAlert = Incident["alerts"][number];

const STATE = { firing: "down", resolved: "up" } as const;
const TONE = { firing: "down", resolved: "plain" } as const;

/** What fails, worst first, each with what was wanted and what came. */
export function Failing({ incident }: { incident: Incident }) {
  const over = incident.status === "resolved";
  const alerts = incident.alerts.toSorted(
    (a, b) => Number(b.status === "firing") - Number(a.status === "firing"),
  );
  return (
    <Card title={over ? "What failed" : "What is failing"}>
      {incident.summary !== "" && (
        <p className="mb-4 max-w-[70ch] text-base whitespace-pre-wrap">{incident.summary}</p>
      )}
      {alerts.length === 0 && (
        <p className="text-sm text-muted">
          Somebody declared this incident; no check reports it. It ends when somebody resolves it.
        </p>
      )}
      <div className="flex flex-col gap-8">
        {alerts.map((alert) => (
          <OneAlert key={alert.id} alert={alert} incident={incident} only={alerts.length === 1} />
        ))}
      </div>
    </Card>
  );
}

function OneAlert({ alert, incident, only }: { alert: IncidentAlert; incident: Incident; only: boolean }) {
  const evidence = evidenceOf(alert.evidence);
  const sent = sentOf(alert.evidence);
  const firing = alert.status === "firing";
  const from = alert.source?.type === "integration" ? alert.source.name : evidence?.location;
  const reason = [alert.reason || alert.title, from, clockSeconds(toMs(alert.last_at))];
  return (
    <section aria-label={alert.title} className="flex min-w-0 flex-col gap-4">
      {(!only || !firing) && (
        <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm font-medium">
          <StateMark state={STATE[alert.status]} />
          {alert.title}
          <span className="font-normal text-muted">
            {firing ? (
              <>
                since <Time at={alert.first_at} />
              </>
            ) : (
              <>
                recovered <Time at={alert.resolved_at ?? alert.last_at} />
              </>
            )}
          </span>
        </h3>
      )}
      <EvidenceLine tone={TONE[alert.status]}>{reason.filter(Boolean).join(" · ")}</EvidenceLine>
      {alert.source?.type === "monitor" ? (
        <AlertMonitor
          slug={alert.source.slug}
          incident={incident}
          evidence={evidence && <CheckEvidence evidence={evidence} />}
        />
      ) : (
        evidence && <CheckEvidence evidence={evidence} />
      )}
      {sent && <SentDetails sent={sent} />}
    </section>
  );
}

/** A monitor's evidence; sources of other kinds may send anything, and then there is none to show. */
function evidenceOf(value: unknown): Evidence | null {
  const looksRight =
    typeof value === "object" &&
    value !== null &&
    "expectations" in value &&
    Array.isArray(value.expectations);
  return looksRight ? (value as Evidence) : null;
}
