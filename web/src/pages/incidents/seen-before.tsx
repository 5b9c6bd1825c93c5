import { Repeat2 } from "lucide-react";
import { AddressLink } from "../../app/address-link.tsx";
import { useTicking } from "../../lib/clock.ts";
import { date, plainDate, toMs } from "../../lib/time.ts";
import type { Incident } from "../../lib/types.ts";
import { Card } from "../../ui/card.tsx";
import { Badge } from "../../ui/small.tsx";
import { Time } from "../../ui/time.tsx";
import type { SimilarIncident } from "./queries.ts";
import { VerdictButtons } from "./verdict.tsx";

const link = "text-brand-text underline-offset-4 hover:underline";

/** Earlier incidents that failed alike: what fixed them, and what was promised and is still open. */
export function SeenBefore({ incident }: { incident: Incident }) {
  const items = incident.similar as SimilarIncident[];
  if (items.length === 0) return null;
  return (
    <Card title="Seen before">
      <ul className="flex flex-col divide-y divide-line">
        {items.map((item) => (
          <li key={item.incident.number} className="flex flex-col gap-2 py-4 first:pt-0 last:pb-0">
            <One item={item} incident={incident} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function One({ item, incident }: { item: SimilarIncident; incident: Incident }) {
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <Badge strong={item.likeness === "same"}>
          {item.likeness === "same" ? "The same failure" : "Looks alike"}
        </Badge>
        <AddressLink url={item.incident.url} className="font-medium underline-offset-4 hover:underline">
          #{item.incident.number} {item.incident.title}
        </AddressLink>
        {item.times > 1 && <Badge>{item.times} times</Badge>}
        {item.incident.resolved_at && (
          <span className="text-muted">
            {item.times > 1 && "last "}
            <Time at={item.incident.resolved_at} format={date} />
          </span>
        )}
      </div>
      <p className="text-sm text-muted">{sentence(item.why)}</p>
      {item.fix && (
        <p className="max-w-[70ch] border-l-2 border-up-bar pl-3 text-sm">
          <span className="font-medium">What fixed it: </span>
          {item.fix}
        </p>
      )}
      {item.open_actions.length > 0 && (
        <ul className="flex flex-col gap-1 text-sm">
          {item.open_actions.map((action) => (
            <li key={action.url} className="flex items-start gap-2">
              <Repeat2 size={16} className="mt-0.5 shrink-0 text-degraded" aria-hidden />
              <span>
                <span className="text-muted">Promised and still open: </span>
                <AddressLink url={action.url} className={link}>
                  {action.title}
                </AddressLink>
                {action.due && <Due day={action.due} />}
              </span>
            </li>
          ))}
        </ul>
      )}
      {item.postmortem && (
        <p className="text-sm">
          <AddressLink url={item.postmortem.url} className={link}>
            Read the postmortem
          </AddressLink>
        </p>
      )}
      <VerdictButtons incident={incident} item={item} />
    </>
  );
}

/** "was due 12 Oct", in the ink of lateness once the day has passed. */
function Due({ day }: { day: string }) {
  const late = useTicking((now) => now > toMs(`${day}T23:59:59Z`));
  return (
    <span className={late ? "font-medium text-down" : "text-muted"}>
      {late ? ", was due " : ", due "}
      {plainDate(day)}
    </span>
  );
}

const sentence = (parts: readonly string[]): string => {
  const text = parts.join(", ");
  return text === "" ? "" : `${text[0]?.toUpperCase()}${text.slice(1)}.`;
};
