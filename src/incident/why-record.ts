import { schedulesMentioning } from "../oncall/on-call.ts";
import { resolveTargets, targetKey } from "../oncall/resolve.ts";
import { findUser } from "../org/people.ts";
import { usableMethods } from "../page/contact-methods.ts";
import { listPages } from "../page/pages.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import type { PersonRecord } from "./why-paged.ts";
import "./table.ts";

type Levels = { targets: readonly Parameters<typeof targetKey>[0][] }[];

/** Reads what `whyPaged` asks for. Who was on call is asked of the instant at which the incident opened. */
export async function personRecord(
  db: DbOrTx,
  { incidentId, person }: { incidentId: string; person: string },
): Promise<PersonRecord> {
  const user = await findUser(db, person);
  const incident = await db
    .selectFrom("incidents")
    .select(["opened_at", "status", "policy"])
    .where("id", "=", incidentId)
    .executeTakeFirstOrThrow();
  const { policy, opened_at: openedAt } = incident;
  const all = await allPages(db, incidentId);
  const own = await db
    .selectFrom("pages")
    .select("answered_at")
    .where("subject_id", "=", incidentId)
    .where("person_id", "=", user.id)
    .where("answered_by", "=", user.id)
    .orderBy("answered_at")
    .executeTakeFirst();
  const answers = all.flatMap(({ answered }) => answered ?? []);
  const levels: Levels = policy ? [...policy.levels, { targets: policy.fallback }] : [];
  const people = await resolveTargets(db, policy ? levels.flatMap(({ targets }) => targets) : [], openedAt);
  const level = levels.findIndex(({ targets }) =>
    targets.some((target) => people.get(targetKey(target))?.includes(user.id)),
  );
  const named = new Set(levels.flatMap(({ targets }) => targets.map(targetKey)));
  const mentioned = level < 0 ? await schedulesMentioning(db, user.id, openedAt) : [];
  const usable = (await usableMethods(db, [user.id])).get(user.id) ?? [];
  return {
    ...{ name: user.name, timeZone: user.time_zone, openedAt, policy: policy?.name ?? null },
    pages: all.filter((page) => page.person.id === user.id),
    answeredAt: own?.answered_at?.toString() ?? null,
    firstAnswer: answers.toSorted((a, b) => (a.at < b.at ? -1 : 1))[0] ?? null,
    level: level < 0 ? null : level + 1,
    offDuty: mentioned.filter(({ id }) => named.has(`schedule:${id}`)).map(({ name }) => name),
    verified: usable.some((method) => method.verified_at !== null),
    over: incident.status === "resolved",
  };
}

async function allPages(db: DbOrTx, subjectId: string) {
  const pages: Awaited<ReturnType<typeof listPages>>["items"] = [];
  for (let cursor: string | undefined; ; ) {
    const { items, next } = await listPages(db, { subjectId, limit: 500, ...(cursor ? { cursor } : {}) });
    pages.push(...items);
    if (next === null) return pages;
    cursor = next;
  }
}
