import { useQuery } from "@tanstack/react-query";
import { Download, FileCode, Link2 } from "lucide-react";
import { api, apiUrl } from "../../lib/api.ts";
import { useNow } from "../../lib/clock.ts";
import type { Monitor } from "../../lib/types.ts";
import { buttonClass, IconButton } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { RANGES, type Span } from "./queries.ts";

interface BadgeLink {
  name: "status" | "uptime-24h" | "uptime-30d" | "response";
  url: string;
  markdown: string;
}

const NAMES: Record<BadgeLink["name"], string> = {
  status: "Status",
  "uptime-24h": "Uptime, 24 h",
  "uptime-30d": "Uptime, 30 d",
  response: "Response time",
};

/** What others may have of a monitor: pictures for a README, and its checks as a table. */
export function SharePanel({ monitor, span }: { monitor: Monitor; span: Span }) {
  const badges = useQuery({
    queryKey: ["monitor-badges", monitor.slug],
    queryFn: ({ signal }) => api.get<{ items: BadgeLink[] }>(`/monitors/${monitor.slug}/badges`, {}, signal),
  });
  const query = csvQuery(span, useNow());
  return (
    <Card title="Share">
      <Loaded query={badges} skeleton={<Skeleton className="h-40" />}>
        {({ items }) => (
          <ul className="flex flex-col gap-1">
            {items.map((badge) => (
              <BadgeRow key={badge.name} badge={badge} />
            ))}
          </ul>
        )}
      </Loaded>
      <p className="mt-2 text-xs text-faint">Whoever has a badge's address sees it, without signing in.</p>
      <a
        href={apiUrl(`/monitors/${monitor.slug}/checks.csv`, query)}
        download={`${monitor.slug}-checks.csv`}
        className={`${buttonClass()} mt-4 w-full`}
      >
        <Download size={16} aria-hidden /> Checks as CSV
      </a>
      <p className="mt-2 text-xs text-faint">
        {isCut(span) ? `The last ${MOST_DAYS} days of the range shown.` : "Of the range shown."}
      </p>
    </Card>
  );
}

function BadgeRow({ badge }: { badge: BadgeLink }) {
  const name = NAMES[badge.name];
  return (
    <li className="flex min-h-9 items-center gap-1">
      {/* By its path: the page may be open under another name of this server. */}
      <img src={new URL(badge.url).pathname} alt={`${name} badge`} className="mr-auto h-5 min-w-0" />
      <CopyLink what={`the Markdown of ${name}`} text={badge.markdown} icon={<FileCode size={16} />} />
      <CopyLink what={`the URL of ${name}`} text={badge.url} icon={<Link2 size={16} />} />
    </li>
  );
}

function CopyLink({ what, text, icon }: { what: string; text: string; icon: React.ReactNode }) {
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => toast.done("Copied."),
      () => toast.failed("The browser doesn't let Keepwatch copy. Copy it from the API instead."),
    );
  return <IconButton size="sm" label={`Copy ${what}`} icon={icon} onClick={() => void copy()} />;
}

const DAY_MS = 86_400_000;
/** The server gives at most 31 days at once. */
const MOST_DAYS = 30;

const lengthMs = (span: Span): number =>
  typeof span === "string" ? (RANGES.find(({ value }) => value === span)?.ms ?? DAY_MS) : span.to - span.from;

const isCut = (span: Span): boolean => lengthMs(span) > MOST_DAYS * DAY_MS;

/** A range up to now has no end, so that the newest checks are in it whenever it is asked for. */
function csvQuery(span: Span, now: number): { from: string; to?: string } {
  const ms = Math.min(lengthMs(span), MOST_DAYS * DAY_MS);
  const iso = (at: number) => new Date(at).toISOString();
  return typeof span === "string" ? { from: iso(now - ms) } : { from: iso(span.to - ms), to: iso(span.to) };
}
