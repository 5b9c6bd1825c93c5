import { Link } from "@tanstack/react-router";
import { cn } from "../../lib/cn.ts";
import { duration, exactLocal, toMs } from "../../lib/time.ts";
import type { Facts, Postmortem } from "../../lib/types.ts";
import { Time } from "../../ui/time.tsx";

const length = (ms: number | null): string =>
  ms === null ? "not known" : ms < 1000 ? "at once" : duration(ms);

/** What the record says; nobody types these. */
export const factRows = (facts: Facts): [string, React.ReactNode][] => [
  ["Lasted", length(facts.duration_ms)],
  ["Time to detect", facts.detect_ms === null ? "somebody saw it first" : length(facts.detect_ms)],
  ["Time to acknowledge", facts.acknowledge_ms === null ? "nobody did" : length(facts.acknowledge_ms)],
  ["Time to resolve", length(facts.resolve_ms)],
  [
    "Failed checks",
    facts.total_checks === 0 ? "not known" : `${facts.failed_checks} of ${facts.total_checks}`,
  ],
];

const exact = (ms: number) => exactLocal(ms);

/** The facts beside the text; they stay in sight unless they are to be `still`. */
export function FactsAside({ postmortem, still }: { postmortem: Postmortem; still?: boolean }) {
  const { facts, incidents } = postmortem;
  return (
    <aside
      aria-label="Facts"
      className={cn(
        "rounded-lg border border-line bg-surface p-4 text-sm print:static print:rounded-none print:border-x-0",
        !still && "sticky top-[calc(var(--header-h)+2rem)]",
      )}
    >
      <dl
        className={cn(
          "grid grid-cols-2 gap-x-6 gap-y-3 print:grid-cols-3",
          still ? "sm:grid-cols-3" : "lg:grid-cols-1",
        )}
      >
        {factRows(facts).map(([name, value]) => (
          <div key={name}>
            <dt className="text-xs text-faint">{name}</dt>
            <dd className="font-medium num">{value}</dd>
          </div>
        ))}
        <div>
          <dt className="text-xs text-faint">Began</dt>
          <dd className="num">
            <Time at={facts.started_at} format={exact} className="num" />
          </dd>
        </div>
        {facts.resolved_at && (
          <div>
            <dt className="text-xs text-faint">Ended</dt>
            <dd>
              <Time at={facts.resolved_at} format={exact} className="num" />
            </dd>
          </div>
        )}
        <div>
          <dt className="text-xs text-faint">Paged</dt>
          <dd>{pagedWords(facts) || "nobody"}</dd>
        </div>
        <div>
          <dt className="text-xs text-faint">Services</dt>
          <dd>{facts.services.map((service) => service.name).join(", ") || "not known"}</dd>
        </div>
        <div>
          <dt className="text-xs text-faint">{incidents.length === 1 ? "Incident" : "Incidents"}</dt>
          <dd className="flex flex-col">
            {incidents.map((incident) => (
              <Link
                key={incident.id}
                to="/incidents/$id"
                params={{ id: incident.id }}
                className="text-brand-text underline-offset-4 hover:underline"
              >
                #{incident.number} {incident.title}
              </Link>
            ))}
          </dd>
        </div>
      </dl>
    </aside>
  );
}

/** Each person once, and whether they answered. */
function pagedWords({ paged }: Facts): string {
  const people = Map.groupBy(
    paged.toSorted((a, b) => toMs(a.at) - toMs(b.at)),
    (page) => page.name,
  );
  return [...people]
    .map(([name, pages]) => (pages.some((page) => page.answered) ? `${name} (answered)` : name))
    .join(", ");
}
