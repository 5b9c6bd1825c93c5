import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { plural } from "../../lib/format.ts";
import { Card } from "../../ui/card.tsx";
import { Badge } from "../../ui/small.tsx";
import { problemsQuery } from "../problems/queries.ts";
import { STATES } from "../problems/words.ts";

/** What is known to fail here and isn't fixed for good: whoever is paged should know it beforehand. */
export function KnownProblems({ service }: { service: string }) {
  const query = useInfiniteQuery(problemsQuery({ service, state: "open,fix_promised,fix_shipped" }));
  const problems = (query.data?.pages ?? []).flatMap((page) => page.items);
  if (problems.length === 0) return null;
  return (
    <Card title="Known problems">
      <ul className="flex flex-col gap-3 text-sm">
        {problems.map((problem) => (
          <li key={problem.id} className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
            <Link
              to="/problems/$number"
              params={{ number: String(problem.number) }}
              className="min-w-0 font-medium underline-offset-4 hover:underline"
            >
              {problem.title}
            </Link>
            {problem.repeats > 0 && <Badge strong>{plural(problem.repeats, "repeat")}</Badge>}
            <span className={problem.overdue_actions > 0 ? "text-down" : "text-muted"}>
              {problem.overdue_actions > 0
                ? `${plural(problem.overdue_actions, "promise")} overdue`
                : STATES[problem.state].toLowerCase()}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
