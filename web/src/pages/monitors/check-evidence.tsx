import { Check, ChevronRight, X } from "lucide-react";
import { latency } from "../../lib/format.ts";
import type { Evidence } from "../../lib/types.ts";
import { Facts } from "../../ui/card.tsx";
import { Code } from "../../ui/code.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { Time } from "../../ui/time.tsx";
import { BodyPicker, type Pick } from "./body-picker.tsx";

/** What a check saw: what was wanted against what came, the certificate, headers, body. With `onPick`, parts of the body can be expected. */
export function CheckEvidence({ evidence, onPick }: { evidence: Evidence; onPick?: (pick: Pick) => void }) {
  const { expectations = [], certificate, headers, body } = evidence;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {evidence.steps && <StepsRun steps={evidence.steps} />}
      {expectations.length > 0 && <Expectations items={expectations} />}
      <Facts items={factsOf(evidence)} />
      {certificate && <CertificateShown certificate={certificate} />}
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
  if (evidence.addresses?.length) facts.push(["Addresses", evidence.addresses.join(", ")]);
  if (evidence.remote) facts.push(["Answered by", evidence.remote]);
  if (evidence.redirects?.length) facts.push(["Redirected to", evidence.redirects.join(" → ")]);
  if (evidence.location) facts.push(["Checked from", evidence.location]);
  if ((evidence.loop_lag_ms ?? 0) > 50) facts.push(["Our own delay", latency(evidence.loop_lag_ms ?? 0)]);
  return facts;
}

/** Each step of a scenario that was run, and how long it took. */
const StepsRun = ({ steps }: { steps: NonNullable<Evidence["steps"]> }) => (
  <ol className="flex flex-col gap-1.5 text-sm">
    {steps.map(({ name, status, ms, reason }, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: two steps may have one name
      <li key={at} className="flex items-start gap-2">
        <span className="mt-1">
          <StateMark state={status} label />
        </span>
        <span className="min-w-0 flex-1 break-words">
          <span className="font-medium">{name}</span>
          {status !== "up" && <span className="text-muted"> {reason}</span>}
        </span>
        {ms !== null && <span className="text-muted num">{latency(ms)}</span>}
      </li>
    ))}
  </ol>
);

type Certificate = NonNullable<Evidence["certificate"]>;

/** Whose it is and until when; who vouches for it and how the connection was made, for whoever asks. */
function CertificateShown({ certificate }: { certificate: Certificate }) {
  const {
    subject,
    issuer,
    valid_to,
    days_left,
    chain = [],
    fingerprint_sha256,
    protocol,
    cipher,
  } = certificate;
  const more: [string, React.ReactNode][] = [
    ...(chain.length > 0 ? [["Chain", chain.join(" → ")] as [string, React.ReactNode]] : []),
    ...(protocol ? [["Protocol", protocol] as [string, React.ReactNode]] : []),
    ...(cipher ? [["Cipher", cipher] as [string, React.ReactNode]] : []),
    ...(fingerprint_sha256
      ? [
          [
            "Fingerprint (SHA-256)",
            <code key="fingerprint" className="font-mono text-xs break-all">
              {fingerprint_sha256}
            </code>,
          ] as [string, React.ReactNode],
        ]
      : []),
  ];
  return (
    <div className="flex flex-col gap-1">
      <p className="text-sm">
        Certificate of <strong className="font-medium">{subject}</strong>, from {issuer}, ends{" "}
        <Time at={valid_to} />
        <span className="text-muted num"> ({Math.floor(days_left)} days left)</span>
      </p>
      {more.length > 0 && (
        <Disclosure label="Chain and connection">
          <Facts items={more} />
        </Disclosure>
      )}
    </div>
  );
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
          {item.got !== "" && <span className={item.ok ? "text-muted" : "text-down"}>, got {item.got}</span>}
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
