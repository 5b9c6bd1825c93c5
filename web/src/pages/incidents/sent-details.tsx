import { ExternalLink } from "lucide-react";
import type { SentEvidence } from "../../lib/types.ts";
import { Facts } from "../../ui/card.tsx";
import { Code } from "../../ui/code.tsx";
import { Disclosure } from "../monitors/check-evidence.tsx";

/** What an integration sent beside the words; null for evidence of another kind. */
export const sentOf = (value: unknown): SentEvidence | null =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "sent"
    ? (value as SentEvidence)
    : null;

/** Links, pictures' addresses and details as another program sent them. Its text is text, and nothing of it is loaded. */
export function SentDetails({ sent }: { sent: SentEvidence }) {
  const links = [
    ...sent.links,
    ...sent.images.map(({ src, href, alt }) => ({ href: href ?? src, text: alt ?? "Picture" })),
  ];
  const plain = plainFacts(sent.details);
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {links.length > 0 && (
        <ul className="flex flex-wrap gap-x-4 gap-y-2 text-sm">
          {links.map(({ href, text }) => (
            <li key={`${text} ${href}`} className="min-w-0">
              <a
                href={href}
                target="_blank"
                rel="noreferrer noopener"
                className="inline-flex max-w-full items-center gap-1 text-brand-text underline-offset-4 hover:underline"
              >
                <span className="truncate">{text}</span>
                <ExternalLink size={13} className="shrink-0" aria-hidden />
              </a>
            </li>
          ))}
        </ul>
      )}
      {plain ? (
        <Facts items={plain} />
      ) : (
        sent.details !== null && (
          <Disclosure label="Details as sent">
            <Code label="Details" wrap>
              {typeof sent.details === "string" ? sent.details : JSON.stringify(sent.details, null, 2)}
            </Code>
          </Disclosure>
        )
      )}
    </div>
  );
}

const MOST_FACTS = 12;
const LONGEST_FACT = 200;

/** A few names with short values read better as a list than as JSON. */
function plainFacts(details: unknown): [string, string][] | null {
  if (typeof details !== "object" || details === null || Array.isArray(details)) return null;
  const entries = Object.entries(details).filter(([, value]) => value !== null && value !== "");
  const short = entries.every(
    ([, value]) => typeof value !== "object" && String(value).length <= LONGEST_FACT,
  );
  return short && entries.length > 0 && entries.length <= MOST_FACTS
    ? entries.map(([name, value]) => [name, String(value)])
    : null;
}
