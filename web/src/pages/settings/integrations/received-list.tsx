import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Inbox } from "lucide-react";
import { useState } from "react";
import type { Received, ReceivedBrief } from "../../../lib/types.ts";
import { Card } from "../../../ui/card.tsx";
import { Code } from "../../../ui/code.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Older } from "../../../ui/older.tsx";
import { Badge } from "../../../ui/small.tsx";
import { EmptyState, Loaded } from "../../../ui/states.tsx";
import { Time } from "../../../ui/time.tsx";
import { payloadQuery, receivedQuery } from "./queries.ts";

const OUTCOMES = {
  understood: "Understood",
  not_understood: "Can't be read",
  refused: "Refused",
  ignored: "Not taken: paused",
} as const;

/** What came, newest first, each with what it became; one opens to the payload as it was sent. */
export function ReceivedList({ slug }: { slug: string }) {
  const query = useInfiniteQuery(receivedQuery(slug));
  const [open, setOpen] = useState<string | null>(null);
  return (
    <Card title="What came" flush>
      <Loaded query={query}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return items.length === 0 ? (
            <EmptyState icon={<Inbox size={22} />} title="Nothing has come yet">
              Set it up as told below; the first payload appears here within seconds.
            </EmptyState>
          ) : (
            <ul className="mt-2 divide-y divide-line border-t border-line">
              {items.map((each) => (
                <ReceivedRow key={each.id} received={each} onOpen={() => setOpen(each.id)} />
              ))}
            </ul>
          );
        }}
      </Loaded>
      <Older query={query} />
      {open && <PayloadDialog {...{ slug, id: open }} onClose={() => setOpen(null)} />}
    </Card>
  );
}

function ReceivedRow({ received, onOpen }: { received: ReceivedBrief; onOpen: () => void }) {
  const { received_at, outcome, why, size } = received;
  const wrong = outcome === "not_understood" || outcome === "refused";
  return (
    <li>
      <button
        type="button"
        onClick={onOpen}
        className="flex w-full flex-wrap items-baseline gap-x-4 gap-y-0.5 px-4 py-3 text-left text-sm hover:bg-hover focus-visible:-outline-offset-2 sm:px-5"
      >
        <span className="w-28 shrink-0 text-muted num">
          <Time at={received_at} />
        </span>
        <span className={wrong ? "shrink-0 font-medium text-degraded" : "shrink-0"}>{OUTCOMES[outcome]}</span>
        <span className="min-w-0 flex-1 basis-48 truncate text-muted">
          {why?.replaceAll("`", "") ?? becameWords(received)}
        </span>
        <span className="shrink-0 text-faint num">{sizeWords(size)}</span>
      </button>
    </li>
  );
}

const MOST_SAID = 3;

function becameWords({ events }: ReceivedBrief): string {
  if (events.length === 0) return "no alert";
  const said = events.slice(0, MOST_SAID).map(({ action, dedup_key }) => `${action} ${dedup_key}`);
  const more = events.length - said.length;
  return said.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

const sizeWords = (bytes: number): string =>
  bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(bytes < 10_240 ? 1 : 0)} KB`;

function PayloadDialog({ slug, id, onClose }: { slug: string; id: string; onClose: () => void }) {
  const query = useQuery(payloadQuery(slug, id));
  return (
    <Dialog open wide onClose={onClose} title="What came" description="As it was sent; the key is left out.">
      <Loaded query={query}>{(received) => <Payload received={received} />}</Loaded>
    </Dialog>
  );
}

const Payload = ({ received }: { received: Received }) => (
  <div className="flex min-w-0 flex-col gap-4 text-sm">
    <p className="flex flex-wrap items-center gap-2">
      <Badge strong>{OUTCOMES[received.outcome]}</Badge>
      <Time at={received.received_at} />
      <span className="text-muted">
        {received.method}
        {received.path && ` ${received.path}`}
        {received.content_type && ` · ${received.content_type}`}
      </span>
    </p>
    {received.why && <p>{received.why.replaceAll("`", "")}</p>}
    {received.events.length > 0 && (
      <ul className="flex flex-col gap-1">
        {received.events.map(({ action, dedup_key }) => (
          <li key={`${action} ${dedup_key}`} className="break-words">
            {action} <code className="text-xs">{dedup_key}</code>
          </li>
        ))}
      </ul>
    )}
    <Code label="Payload" wrap>
      {pretty(received.body)}
    </Code>
  </div>
);

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
