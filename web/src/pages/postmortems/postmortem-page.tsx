import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Download, Pencil, Printer } from "lucide-react";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api, apiUrl } from "../../lib/api.ts";
import type { Postmortem } from "../../lib/types.ts";
import { Button, buttonClass } from "../../ui/button.tsx";
import { Card, Facts } from "../../ui/card.tsx";
import { SeverityBadge } from "../../ui/incident-mark.tsx";
import { Markdown } from "../../ui/markdown.tsx";
import { Breadcrumb, PageHeader } from "../../ui/page-header.tsx";
import { Badge } from "../../ui/small.tsx";
import { Loaded } from "../../ui/states.tsx";
import { Duration, Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { ActionItems } from "./action-items.tsx";
import { FactsChart } from "./facts-chart.tsx";
import { postmortemQuery } from "./queries.ts";
import { postmortemRoute } from "./routes.tsx";
import { SECTIONS } from "./sections.ts";
import { Writing } from "./writing.tsx";

/** One postmortem: read by anybody, written by those who may. A draft opens for writing. */
export function PostmortemPage() {
  const { id } = postmortemRoute.useParams();
  const query = useQuery(postmortemQuery(id));
  return (
    <Loaded query={query}>{(postmortem) => <Shown key={postmortem.id} postmortem={postmortem} />}</Loaded>
  );
}

/** Puts the server's answer into the cache, and the library right. */
export function keep(postmortem: Postmortem): void {
  queryClient.setQueryData(["postmortems", "one", postmortem.id], postmortem);
  void queryClient.invalidateQueries({ queryKey: ["postmortems", "list"] });
}

function Shown({ postmortem }: { postmortem: Postmortem }) {
  const [writing, setWriting] = useState(postmortem.state !== "published" && postmortem.can_edit);
  const reopen = useMutation({
    mutationFn: () => api.post<Postmortem>(`/postmortems/${postmortem.id}/reopen`),
    onSuccess: (made) => {
      keep(made);
      setWriting(true);
    },
    onError: toast.failed,
  });
  if (writing && postmortem.can_edit && postmortem.state !== "published")
    return <Writing postmortem={postmortem} onRead={() => setWriting(false)} />;
  const edit = () => (postmortem.state === "published" ? reopen.mutate() : setWriting(true));
  return (
    <>
      <PageHeader
        title={postmortem.title}
        crumbs={
          <Breadcrumb>
            <Link to="/postmortems">Postmortems</Link>
          </Breadcrumb>
        }
        lead={postmortem.headline}
        actions={
          <>
            {postmortem.can_edit && (
              <Button busy={reopen.isPending} onClick={edit}>
                <Pencil size={16} aria-hidden />{" "}
                {postmortem.state === "published" ? "Reopen and edit" : "Edit"}
              </Button>
            )}
            <a className={buttonClass()} href={apiUrl(`/postmortems/${postmortem.id}.md`)} download>
              <Download size={16} aria-hidden /> Export as Markdown
            </a>
            <Button className="print:hidden" onClick={() => window.print()}>
              <Printer size={16} aria-hidden /> Print
            </Button>
          </>
        }
      />
      <div className="grid gap-6 lg:grid-cols-[minmax(0,70ch)_minmax(240px,1fr)] lg:gap-10">
        <article className="min-w-0">
          {SECTIONS.filter(({ name }) => postmortem.sections[name]?.trim()).map(({ name, title }) => (
            <section key={name} id={name} className="mb-8 scroll-mt-24">
              <h2 className="mb-2 text-lg font-semibold">{title}</h2>
              <Markdown>{postmortem.sections[name] ?? ""}</Markdown>
            </section>
          ))}
          <FactsChart facts={postmortem.facts} />
          <section className="mb-8">
            <h2 className="mb-3 text-lg font-semibold">Action items</h2>
            <ActionItems postmortem={postmortem} />
          </section>
          <Timeline postmortem={postmortem} />
        </article>
        <aside>
          <FactsCard postmortem={postmortem} />
        </aside>
      </div>
    </>
  );
}

const length = (ms: number | null) => (ms === null ? "unknown" : <Duration ms={ms} />);

/** What the record says, and nobody typed. */
export function FactsCard({ postmortem }: { postmortem: Postmortem }) {
  const { facts } = postmortem;
  return (
    <Card title="Facts" className="lg:sticky lg:top-24">
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SeverityBadge severity={postmortem.severity} />
        {postmortem.state !== "published" && (
          <Badge strong>{postmortem.state === "draft" ? "Draft" : "In review"}</Badge>
        )}
        {postmortem.tags.map((tag) => (
          <Badge key={tag}>{tag}</Badge>
        ))}
      </div>
      <Facts
        columns={1}
        items={[
          ["Service", postmortem.service?.name ?? "none"],
          ["Began", <Time key="t" at={facts.started_at} />],
          ["Lasted", length(facts.duration_ms)],
          ["Time to detect", length(facts.detect_ms)],
          ["Time to acknowledge", length(facts.acknowledge_ms)],
          ["Time to resolve", length(facts.resolve_ms)],
          ["Failed checks", `${facts.failed_checks} of ${facts.total_checks}`],
          ["Paged", [...new Set(facts.paged.map((page) => page.name))].join(", ") || "nobody"],
          ["Written by", postmortem.author?.name ?? "unknown"],
          [
            "Incidents",
            postmortem.incidents.map((incident) => (
              <a key={incident.id} href={`/incidents/${incident.number}`} className="mr-2 text-brand-text">
                #{incident.number}
              </a>
            )),
          ],
        ]}
      />
    </Card>
  );
}

function Timeline({ postmortem }: { postmortem: Postmortem }) {
  return (
    <section>
      <h2 className="mb-3 text-lg font-semibold">Timeline</h2>
      <ol className="border-l border-line">
        {postmortem.facts.timeline.map((entry) => (
          <li key={`${entry.at}${entry.text}`} className="mb-3 pl-4">
            <div className="text-xs text-muted">
              <Time at={entry.at} format={clock} /> · {entry.actor}
            </div>
            <div className="text-sm">{entry.text}</div>
          </li>
        ))}
      </ol>
    </section>
  );
}

const clock = (ms: number): string =>
  new Date(ms).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
