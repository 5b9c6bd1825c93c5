import { Link } from "@tanstack/react-router";
import { Download, PenLine, Printer } from "lucide-react";
import { apiUrl } from "../../lib/api.ts";
import { useNow } from "../../lib/clock.ts";
import { date, toMs } from "../../lib/time.ts";
import type { Postmortem } from "../../lib/types.ts";
import { Button, buttonClass } from "../../ui/button.tsx";
import { SeverityBadge } from "../../ui/incident-mark.tsx";
import { Breadcrumb } from "../../ui/page-header.tsx";
import { Badge } from "../../ui/small.tsx";
import { PostmortemMenu } from "./postmortem-menu.tsx";

/** Title, the one sentence, by whom and about what, and what can be done with it. */
export function ReadingHeader({
  postmortem,
  onWrite,
}: {
  postmortem: Postmortem;
  onWrite: (() => void) | undefined;
}) {
  const now = useNow();
  const { author, published_at, state, service, tags } = postmortem;
  const byline = [
    author && `by ${author.name}`,
    published_at ? `published ${date(toMs(published_at), now)}` : STATE[state],
  ].filter(Boolean);
  return (
    <header className="mb-8">
      <div className="print:hidden">
        <Breadcrumb>
          <Link to="/postmortems">Postmortems</Link>
        </Breadcrumb>
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted num">
        <SeverityBadge severity={postmortem.severity} />
        {[service?.name, date(toMs(postmortem.occurred_at), now)].filter(Boolean).join(" · ")}
      </div>
      <h1 className="mt-3 text-xl leading-tight font-semibold tracking-tight">{postmortem.title}</h1>
      {postmortem.headline && (
        <p className="mt-3 text-lg leading-snug font-normal text-muted">{postmortem.headline}</p>
      )}
      <div className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-2 text-sm text-muted">
        <span>{byline.join(", ")}</span>
        {tags.map((tag) => (
          <Link key={tag} to="/postmortems" search={{ tag }} className="hover:underline">
            <Badge>{tag}</Badge>
          </Link>
        ))}
      </div>
      <div className="mt-5 flex flex-wrap gap-2 print:hidden">
        {onWrite && (
          <Button variant="primary" onClick={onWrite}>
            <PenLine size={16} aria-hidden /> Go on writing
          </Button>
        )}
        <a href={apiUrl(`/postmortems/${postmortem.id}.md`)} download className={buttonClass()}>
          <Download size={16} aria-hidden /> Export as Markdown
        </a>
        <Button onClick={() => window.print()}>
          <Printer size={16} aria-hidden /> Print
        </Button>
        <PostmortemMenu postmortem={postmortem} />
      </div>
    </header>
  );
}

const STATE = { draft: "a draft", in_review: "in review", published: "published" } as const;
