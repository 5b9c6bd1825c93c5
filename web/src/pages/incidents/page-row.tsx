import { Bell, Check, ChevronRight, CircleDashed, Clock, MailX, Send } from "lucide-react";
import { cn } from "../../lib/cn.ts";
import { latency } from "../../lib/format.ts";
import { clockSeconds, toMs } from "../../lib/time.ts";
import type { Delivery, Incident, Page } from "../../lib/types.ts";
import { Person } from "../../ui/small.tsx";
import { Time } from "../../ui/time.tsx";

const seconds = (ms: number) => clockSeconds(ms);

/** One person's page: when, why, each message with what the provider said, and the answer. */
export function PageRow({ page, incident }: { page: Page; incident: Incident }) {
  return (
    <li className="flex flex-col gap-2 py-3 first:pt-0 last:pb-0">
      <div className="flex items-start justify-between gap-3 text-sm">
        <div className="min-w-0">
          <span className="font-medium">
            <Person name={page.person.name} />
          </span>
          <p className="mt-0.5 pl-8 text-xs text-muted">
            <Time at={page.created_at} format={seconds} /> · {levelWords(page)}
          </p>
        </div>
        <Answer page={page} incident={incident} />
      </div>
      <ul className="flex flex-col gap-0.5 pl-8">
        {page.deliveries.map((delivery) => (
          <DeliveryRow key={delivery.id} delivery={delivery} />
        ))}
        {page.deliveries.length === 0 && (
          <li className="text-xs text-down">No way to reach this person is set up.</li>
        )}
      </ul>
    </li>
  );
}

const levelWords = (page: Page): string =>
  [
    // Who was asked for help belongs to no level.
    page.level === 0 || page.reason.includes(`level ${page.level}`) ? "" : `level ${page.level}`,
    page.repeat > 0 && page.level > 0 ? `run ${page.repeat + 1}` : "",
    page.round > 1 ? `round ${page.round}` : "",
    page.reason,
  ]
    .filter(Boolean)
    .join(", ");

function Answer({ page, incident }: { page: Page; incident: Incident }) {
  if (page.answered === null)
    return (
      <span className="shrink-0 text-xs text-muted">
        {incident.status === "triggered" ? "no answer yet" : "not answered"}
      </span>
    );
  const own = page.answered.by === page.person.name;
  return (
    <span className={cn("shrink-0 text-right text-xs", own ? "font-medium text-up" : "text-muted")}>
      {own ? "answered " : `${page.answered.by} answered `}
      <Time at={page.answered.at} format={seconds} />
      <span className="block font-normal text-muted">{page.answered.how}</span>
    </span>
  );
}

const STATUS: Record<Delivery["status"], { word: string; ink: string; icon: React.ReactNode }> = {
  queued: { word: "waiting", ink: "text-muted", icon: <Clock size={14} /> },
  sending: { word: "being sent", ink: "text-muted", icon: <CircleDashed size={14} /> },
  sent: { word: "sent", ink: "text-text", icon: <Send size={14} /> },
  delivered: { word: "delivered", ink: "text-text", icon: <Check size={14} /> },
  seen: { word: "seen", ink: "text-up", icon: <Check size={14} /> },
  failed: { word: "failed", ink: "text-down font-medium", icon: <MailX size={14} /> },
  cancelled: { word: "not needed", ink: "text-faint", icon: <Bell size={14} /> },
};
const PURPOSE: Record<Delivery["purpose"], string> = {
  page: "",
  resolved: "told it is over, ",
  joined: "told that more fails, ",
  answered: "told who has it, ",
  expiring: "told that the acknowledgement runs out, ",
  test: "test, ",
};
const CHANNEL: Record<string, string> = { email: "E-mail", webhook: "Webhook" };

/** One message through one contact method; opens to show every attempt. */
function DeliveryRow({ delivery }: { delivery: Delivery }) {
  const { word, ink, icon } = STATUS[delivery.status];
  const at = delivery.sent_at ?? delivery.attempts.at(-1)?.at ?? delivery.due_at;
  return (
    <li>
      <details className="group/d">
        <summary className="flex min-h-8 list-none items-center gap-2 text-xs select-none max-sm:min-h-11">
          <ChevronRight
            size={14}
            className="shrink-0 text-faint transition-transform group-open/d:rotate-90"
            aria-hidden
          />
          <span className="min-w-0 flex-1 truncate">
            {PURPOSE[delivery.purpose]}
            {CHANNEL[delivery.channel] ?? delivery.channel}
            <span className="text-muted"> to {delivery.destination}</span>
          </span>
          <span className={cn("inline-flex shrink-0 items-center gap-1 num", ink)}>
            <span aria-hidden>{icon}</span>
            {word} {clockSeconds(toMs(at))}
          </span>
        </summary>
        <div className="mb-2 ml-5 rounded-md bg-sunken px-3 py-2 text-xs">
          {delivery.reason && <p className="mb-1 break-words">{delivery.reason}</p>}
          {delivery.attempts.length === 0 && (
            <p className="text-muted">
              {delivery.status === "queued" ? (
                <>
                  Goes out <Time at={delivery.due_at} />, unless somebody answers before.
                </>
              ) : (
                "It was never sent."
              )}
            </p>
          )}
          <ol className="flex flex-col gap-1">
            {delivery.attempts.map((attempt) => (
              <li key={attempt.at} className="break-words">
                <span className="num">{clockSeconds(toMs(attempt.at))}</span> {OUTCOME[attempt.outcome]}
                {attempt.ms !== null && <span className="text-muted"> in {latency(attempt.ms)}</span>}
                {attempt.detail && (
                  <span className="block font-mono text-[0.6875rem] text-muted max-sm:text-xs">
                    {attempt.detail}
                  </span>
                )}
              </li>
            ))}
          </ol>
        </div>
      </details>
    </li>
  );
}

const OUTCOME = {
  sending: "being sent",
  accepted: "accepted",
  retry: "not taken; tried again",
  refused: "refused",
} as const;
