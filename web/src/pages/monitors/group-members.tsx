import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { STATE_WORDS, stateOf } from "../../lib/state.ts";
import type { GroupMembers, Monitor } from "../../lib/types.ts";
import { Card } from "../../ui/card.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { Duration } from "../../ui/time.tsx";
import { membersQuery } from "./queries.ts";

type Member = GroupMembers["items"][number];

/** The members of a group, and how they are. Nothing on other kinds. */
export function GroupMembersCard({ monitor }: { monitor: Monitor }) {
  const query = useQuery({ ...membersQuery(monitor.slug), enabled: monitor.kind === "group" });
  if (monitor.kind !== "group") return null;
  return (
    <Card title="Members" flush>
      <Loaded query={query} skeleton={<Skeleton className="m-5 h-24" />}>
        {({ items, hidden }) => (
          <>
            <ul className="divide-y divide-line border-t border-line">
              {items.map((member) => (
                <MemberRow key={member.id} member={member} />
              ))}
            </ul>
            {hidden > 0 && (
              <p className="border-t border-line px-4 py-3 text-sm text-muted sm:px-5">
                And {hidden} that only {hidden === 1 ? "its" : "their"} team may see.
              </p>
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}

function MemberRow({ member }: { member: Member }) {
  const state = stateOf(member);
  const failing = state === "down" || state === "degraded";
  return (
    <li className="flex items-start gap-3 px-4 py-3 text-sm sm:px-5">
      <span className="mt-0.5">
        <StateMark state={state} label />
      </span>
      <span className="min-w-0 flex-1">
        <Link
          to="/monitors/$slug"
          params={{ slug: member.slug }}
          className="font-medium underline-offset-4 hover:underline"
        >
          {member.name}
        </Link>
        {failing && member.last_check && (
          <span className="mt-0.5 block font-mono text-xs break-words text-muted">
            {member.last_check.reason}
          </span>
        )}
        {(member.paused || member.maintenance) && (
          <span className="mt-0.5 block text-xs text-muted">Left out of the group meanwhile</span>
        )}
      </span>
      <span className="shrink-0 text-muted">
        {STATE_WORDS[state]} for <Duration since={member.since} />
      </span>
    </li>
  );
}
