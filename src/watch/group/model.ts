import type { GroupConfig } from "../kinds/group/group.ts";
import type { MonitorStatus } from "../schema.ts";

export interface Member {
  slug: string;
  status: MonitorStatus;
  /** Paused or in maintenance: it says nothing of the group. */
  leftOut: boolean;
}

export interface GroupStanding {
  status: MonitorStatus;
  reason: string;
  cause: string;
}

/** How a group stands by its members. Pure. A member that is unknown is never counted as down. */
export function groupStanding(
  members: readonly Member[],
  { rule = "all", at_least }: Pick<GroupConfig, "rule" | "at_least">,
): GroupStanding {
  const counted = members.filter(({ leftOut }) => !leftOut);
  if (counted.length === 0) {
    const reason = "[members] all are paused, in maintenance or gone";
    return { status: "unknown", reason, cause: "group:none" };
  }
  const of = (...statuses: MonitorStatus[]) => counted.filter(({ status }) => statuses.includes(status));
  const needed =
    at_least === undefined ? (rule === "any" ? 1 : counted.length) : Math.min(at_least, counted.length);
  const well = of("up", "degraded");
  const unknown = of("unknown");
  const words = (some: readonly Member[], what: string) =>
    some.length === 0 ? [] : [`${what}: ${some.map(({ slug }) => slug).join(", ")}`];
  const wanted = needed === counted.length ? "all" : `at least ${needed}`;
  const reason = `[members] ${well.length} of ${counted.length} up, wanted ${wanted}; ${[
    ...words(of("down"), "down"),
    ...words(of("degraded"), "degraded"),
    ...words(unknown, "unknown"),
  ].join("; ")}`;
  if (well.length + unknown.length < needed) return { status: "down", reason, cause: "group:down" };
  if (well.length < needed) return { status: "unknown", reason, cause: "group:unknown" };
  if (of("down", "degraded").length > 0) return { status: "degraded", reason, cause: "group:degraded" };
  return { status: "up", reason: `${well.length} of ${counted.length} up`, cause: "ok" };
}

/**
 * The first circle that one comes round when `slug` has these `members`: the slugs on the way, ending where they began.
 * Null when there is none. `membersOf` knows every other group.
 */
export function circleOf(
  slug: string,
  members: readonly string[],
  membersOf: ReadonlyMap<string, readonly string[]>,
): string[] | null {
  const seen = new Set<string>();
  const search = (at: string, way: readonly string[]): string[] | null => {
    if (at === slug) return [...way, at];
    if (seen.has(at)) return null;
    seen.add(at);
    for (const next of membersOf.get(at) ?? []) {
      const found = search(next, [...way, at]);
      if (found) return found;
    }
    return null;
  };
  for (const member of members) {
    const found = search(member, [slug]);
    if (found) return found;
  }
  return null;
}

/** Every group before its members, so that each can be deleted in turn; otherwise as they were. */
export function groupsFirst<T extends { slug: string; members: readonly string[] }>(all: readonly T[]): T[] {
  const bySlug = new Map(all.map((each) => [each.slug, each]));
  const membersFirst = new Set<T>();
  const visited = new Set<string>();
  const put = (each: T) => {
    if (visited.has(each.slug)) return;
    visited.add(each.slug);
    for (const slug of each.members) {
      const member = bySlug.get(slug);
      if (member) put(member);
    }
    membersFirst.add(each);
  };
  for (const each of all.toReversed()) put(each);
  return [...membersFirst].reverse();
}
