import { Check, ChevronRight, X } from "lucide-react";
import { latency } from "../../lib/format.ts";
import type { Evidence } from "../../lib/types.ts";
import { Facts } from "../../ui/card.tsx";
import { Code } from "../../ui/code.tsx";
import { Time } from "../../ui/time.tsx";
import { BodyPicker, type Pick } from "./body-picker.tsx";

/** What a check saw: what was wanted against what came, the certificate, headers, body. With `onPick`, parts of the body can be expected. */
export function CheckEvidence({ evidence, onPick }: { evidence: Evidence; onPick?: (pick: Pick) => void }) {
  const { expectations = [], certificate, headers, body } = evidence;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {expectations.length > 0 && <Expectations items={expectations} />}
      <Facts items={factsOf(evidence)} />
      {certificate && (
        <p className="text-sm">
          Certificate of <strong className="font-medium">{certificate.subject}</strong>, from{" "}
          {certificate.issuer}, ends <Time at={certificate.valid_to} />
          <span className="text-muted num"> ({Math.floor(certificate.days_left)} days left)</span>
        </p>
      )}
      {headers && Object.keys(headers).length > 0 && (
        <Disclosure label={`Headers (${Object.keys(headers).length})`}>
          <Code label="Headers" wrap>
            {Object.entries(headers)
              .map(([name, value]) => `${name}: ${value}`)
              .join("\n")}
          </Code>
        </Disclosure>
      )}
      {body && (
        <Disclosure label="Body" open={onPick !== undefined}>
          {onPick ? <BodyPicker body={body} onPick={onPick} /> : <Code label="Body">{body}</Code>}
        </Disclosure>
      )}
    </div>
  );
}

function factsOf(evidence: Evidence): [string, React.ReactNode][] {
  const facts: [string, React.ReactNode][] = [];
  if (evidence.status != null)
    facts.push([
      "Status",
      [evidence.status, evidence.http_version && `HTTP/${evidence.http_version}`].filter(Boolean).join(" · "),
    ]);
  if (evidence.remote) facts.push(["Answered by", evidence.remote]);
  if (evidence.redirects?.length) facts.push(["Redirected to", evidence.redirects.join(" → ")]);
  if (evidence.location) facts.push(["Checked from", evidence.location]);
  if ((evidence.loop_lag_ms ?? 0) > 50) facts.push(["Our own delay", latency(evidence.loop_lag_ms ?? 0)]);
  return facts;
}

const Expectations = ({ items }: { items: NonNullable<Evidence["expectations"]> }) => (
  <ul className="flex flex-col gap-1.5 text-sm">
    {items.map((item) => (
      <li key={`${item.what} ${item.wanted}`} className="flex items-start gap-2">
        {item.ok ? (
          <Check size={16} className="mt-0.5 shrink-0 text-up" aria-label="as wanted" />
        ) : (
          <X size={16} className="mt-0.5 shrink-0 text-down" aria-label="not as wanted" />
        )}
        <span className="min-w-0 break-words">
          <span className="font-medium">{item.what}</span>{" "}
          <span className="text-muted">wanted {item.wanted}</span>
          {!item.ok && <span className="text-down">, got {item.got}</span>}
        </span>
      </li>
    ))}
  </ul>
);

/** A heading that opens what is beneath it. */
export const Disclosure = ({
  label,
  open,
  children,
}: {
  label: React.ReactNode;
  open?: boolean;
  children: React.ReactNode;
}) => (
  <details open={open} className="group/d min-w-0">
    <summary className="flex h-8 list-none items-center gap-1.5 text-sm font-medium select-none">
      <ChevronRight
        size={16}
        className="text-faint transition-transform group-open/d:rotate-90"
        aria-hidden
      />
      {label}
    </summary>
    <div className="pt-2">{children}</div>
  </details>
);
