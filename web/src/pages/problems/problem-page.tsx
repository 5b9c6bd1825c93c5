import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Ellipsis, GitMerge, Pencil } from "lucide-react";
import { useState } from "react";
import { AddressLink } from "../../app/address-link.tsx";
import { cn } from "../../lib/cn.ts";
import { plural } from "../../lib/format.ts";
import { date, plainDate } from "../../lib/time.ts";
import type { FailureProblem } from "../../lib/types.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { SeverityBadge } from "../../ui/incident-mark.tsx";
import { Markdown } from "../../ui/markdown.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Badge } from "../../ui/small.tsx";
import { Loaded, SkeletonRows } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { EditDialog } from "./edit-dialog.tsx";
import { MergeDialog } from "./merge-dialog.tsx";
import { problemQuery } from "./queries.ts";
import { problemRoute } from "./routes.tsx";
import { causeWords, STATE_HELP, STATES, WHY_AGAIN } from "./words.ts";

const link = "text-brand-text underline-offset-4 hover:underline";

/** One class of failure: each time it happened, what was promised, and why it came back. */
export function ProblemPage() {
  const { number } = problemRoute.useParams();
  const query = useQuery(problemQuery(number));
  return (
    <div className="mx-auto max-w-4xl">
      <Loaded query={query} skeleton={<SkeletonRows rows={6} />}>
        {(problem) => <Shown problem={problem} />}
      </Loaded>
    </div>
  );
}

function Shown({ problem }: { problem: FailureProblem }) {
  const [doing, setDoing] = useState<"edit" | "merge" | null>(null);
  return (
    <>
      <PageHeader
        title={problem.title}
        crumbs={
          <Link to="/problems" search={{}} className="text-sm text-muted underline-offset-4 hover:underline">
            Problems
          </Link>
        }
        lead={<Lead problem={problem} />}
        actions={
          problem.can_edit && (
            <>
              <Button onClick={() => setDoing("edit")}>
                <Pencil size={16} aria-hidden /> Edit
              </Button>
              <Menu trigger={<IconButton label="More" icon={<Ellipsis size={18} />} />}>
                <MenuItem icon={<GitMerge size={16} />} onSelect={() => setDoing("merge")}>
                  It is the same as another one
                </MenuItem>
              </Menu>
            </>
          )
        }
      />
      <div className="flex flex-col gap-6">
        <Card title={STATES[problem.state]}>
          <p className="text-sm text-muted">{problem.accepted_because ?? STATE_HELP[problem.state]}</p>
          {problem.mechanism && (
            <div className="mt-4 max-w-[70ch]">
              <Markdown>{problem.mechanism}</Markdown>
            </div>
          )}
        </Card>
        <Card title={`Happened ${plural(problem.incidents, "time")}`}>
          <ol className="flex flex-col divide-y divide-line">
            {problem.occurrences.map((each) => (
              <Occurrence key={each.incident.id} occurrence={each} />
            ))}
          </ol>
        </Card>
        <Actions problem={problem} />
        {problem.postmortems.length > 0 && (
          <Card title="Written about it">
            <ul className="flex flex-col gap-2 text-sm">
              {problem.postmortems.map(({ id, title, state }) => (
                <li key={id}>
                  <Link to="/postmortems/$id" params={{ id }} className={link}>
                    {title}
                  </Link>
                  {state !== "published" && <span className="text-muted"> (being written)</span>}
                </li>
              ))}
            </ul>
          </Card>
        )}
      </div>
      {doing === "edit" && <EditDialog problem={problem} onClose={() => setDoing(null)} />}
      {doing === "merge" && <MergeDialog problem={problem} onClose={() => setDoing(null)} />}
    </>
  );
}

const Lead = ({ problem }: { problem: FailureProblem }) => (
  <span className="flex flex-wrap gap-x-3 gap-y-1">
    <span className="num">P-{problem.number}</span>
    {problem.service && (
      <Link to="/services/$slug" params={{ slug: problem.service.slug }} className={link}>
        {problem.service.name}
      </Link>
    )}
    <span>cause: {causeWords(problem.cause)}</span>
    <span>trigger: {causeWords(problem.trigger)}</span>
  </span>
);

function Occurrence({ occurrence }: { occurrence: FailureProblem["occurrences"][number] }) {
  const { incident, repeat, why_again, why_again_text, open_actions } = occurrence;
  return (
    <li className="flex flex-col gap-1.5 py-3 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <Time at={incident.opened_at} format={date} />
        <SeverityBadge severity={incident.severity} />
        <AddressLink url={incident.url} className="min-w-0 font-medium underline-offset-4 hover:underline">
          #{incident.number} {incident.title}
        </AddressLink>
        {repeat && <Badge strong>Repeat</Badge>}
      </div>
      {repeat && (
        <p className={cn("text-sm", why_again ? "text-muted" : "text-degraded")}>
          {why_again
            ? `Why again: ${WHY_AGAIN[why_again].toLowerCase()}.`
            : "Nobody has said why it happened again."}
          {why_again_text && ` ${why_again_text}`}
        </p>
      )}
      {repeat && open_actions.length > 0 && (
        <p className="text-sm text-muted">
          Open at the time: {open_actions.map(({ title }) => title).join(", ")}.
        </p>
      )}
    </li>
  );
}

function Actions({ problem }: { problem: FailureProblem }) {
  if (problem.actions.length === 0)
    return (
      <Card title="Promised">
        <p className="text-sm text-muted">
          Nothing has been promised against it. A postmortem of one of its incidents is where that is decided.
        </p>
      </Card>
    );
  return (
    <Card title="Promised">
      <ul className="flex flex-col gap-2 text-sm">
        {problem.actions.map((action) => (
          <li key={action.id} className="flex flex-wrap gap-x-3">
            <AddressLink url={action.url} className={cn(link, action.state === "wont_do" && "line-through")}>
              {action.title}
            </AddressLink>
            <span className="text-muted">{standing(action)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function standing({ state, owner, due, reason }: FailureProblem["actions"][number]): string {
  if (state === "done") return "done";
  if (state === "wont_do") return `won't be done: ${reason ?? "no reason given"}`;
  return [owner ?? "nobody's", due && `due ${plainDate(due)}`].filter(Boolean).join(", ");
}
