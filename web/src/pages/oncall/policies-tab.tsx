import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ListOrdered } from "lucide-react";
import { useMay } from "../../app/session.ts";
import { listOf } from "../../lib/format.ts";
import { durationWords } from "../../lib/time.ts";
import type { Policy } from "../../lib/types.ts";
import { buttonClass } from "../../ui/button.tsx";
import { EmptyState, Loaded, SkeletonRows } from "../../ui/states.tsx";
import { policiesQuery } from "../services/queries.ts";
import { timeoutWords, whenWords } from "./path-editor.tsx";
import { useTargetName } from "./targets.ts";

/** Who is paged in which order, for which services. */
export function PoliciesTab() {
  const query = useQuery(policiesQuery);
  const mayEdit = useMay("edit");
  return (
    <Loaded query={query} skeleton={<SkeletonRows />}>
      {({ items }) =>
        items.length === 0 ? (
          <div className="rounded-lg border border-line bg-surface">
            <EmptyState
              icon={<ListOrdered size={22} />}
              title="No escalation policy yet"
              action={
                mayEdit && (
                  <Link to="/oncall/policies/new" className={buttonClass("primary")}>
                    Add a policy
                  </Link>
                )
              }
            >
              A policy says who is woken first, who is next if they don't answer, and after how long.
            </EmptyState>
          </div>
        ) : (
          <ul className="grid gap-4 md:grid-cols-2">
            {items.map((policy) => (
              <PolicyCard key={policy.slug} policy={policy} />
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

function PolicyCard({ policy }: { policy: Policy }) {
  const nameOf = useTargetName();
  return (
    <li className="flex flex-col rounded-lg border border-line bg-surface p-4 sm:p-5">
      <h2 className="text-base font-semibold">
        <Link
          to="/oncall/policies/$slug"
          params={{ slug: policy.slug }}
          className="underline-offset-4 hover:underline"
        >
          {policy.name}
        </Link>
      </h2>
      <p className="mt-0.5 text-sm text-muted">
        {policy.services.length > 0
          ? `For ${listOf(
              policy.services.map((service) => service.name),
              4,
            )}`
          : "No service uses it."}
      </p>
      <ol className="mt-4 flex flex-col gap-2 text-sm">
        {policy.levels.map((level, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a level is its place
          <li key={at} className="flex items-baseline gap-3">
            <span className="grid size-5 shrink-0 place-items-center rounded-full bg-brand-soft text-xs font-semibold text-brand-text num">
              {at + 1}
            </span>
            <span className="min-w-0 flex-1">
              {level.targets.map(nameOf).join(", ")}
              {level.round_robin && <span className="text-muted"> (one at a time, in turn)</span>}
            </span>
            <span className="shrink-0 text-xs text-muted num">{durationWords(level.wait)}</span>
          </li>
        ))}
      </ol>
      {policy.paths.map((path) => (
        <p key={path.name} className="mt-3 text-sm">
          <span className="font-medium">{path.name}</span>
          <span className="text-muted"> ({whenWords(path.when)}): </span>
          {path.levels.map((level) => level.targets.map(nameOf).join(", ")).join(", then ")}
        </p>
      ))}
      <p className="mt-3 text-xs text-muted">
        {timeoutWords(policy.acknowledge_timeout)}
        {policy.repeat > 0 && `Then ${policy.repeat === 1 ? "once" : `${policy.repeat} times`} more. `}
        {policy.fallback.length > 0 && `If nobody can be reached: ${policy.fallback.map(nameOf).join(", ")}.`}
      </p>
    </li>
  );
}
