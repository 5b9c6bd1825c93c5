import { sql } from "kysely";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { didYouMean } from "../platform/nearest.ts";
import type { Problem } from "../platform/refusal.ts";
import type { Target } from "./escalation/policy.ts";
import { findEmails } from "./people.ts";
import type { TargetInput } from "./schema.ts";
import "../org/table.ts";
import "./table.ts";

/** A target as a policy keeps it: its name may change, its id doesn't. */
export type StoredTarget = Pick<Target, "kind" | "id">;

/** What a target's id is of: the one on call next is of a schedule, the lead of a team. */
export const thingOf = (kind: Target["kind"]): "schedule" | "user" | "team" => THINGS[kind];

const THINGS = { schedule: "schedule", next: "schedule", user: "user", team: "team", lead: "team" } as const;

export const targetKey = ({ kind, id }: StoredTarget): string => `${kind}:${id}`;

/** What a target is called: `word` is its slug or e-mail address. */
export interface TargetName {
  word: string;
  name: string;
}

/** Names by `targetKey`, in one query. A target that no longer exists has none. */
export async function targetNames(
  db: DbOrTx,
  targets: readonly StoredTarget[],
): Promise<Map<string, TargetName>> {
  if (targets.length === 0) return new Map();
  const ids = [...new Set(targets.map((target) => target.id))];
  const { rows } = await sql<StoredTarget & TargetName>`
    select kind, id, slug as word, name from schedules, (values ('schedule'), ('next')) as kinds (kind)
      where id = any(${ids}::uuid[])
    union all select 'user', id, email, name from users where id = any(${ids}::uuid[])
    union all select kind, id, slug, name from teams, (values ('team'), ('lead')) as kinds (kind)
      where id = any(${ids}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [targetKey(row), { word: row.word, name: row.name }]));
}

/** The target as it is written: `{ schedule: "web-primary" }`. Undefined when it no longer exists. */
export function writtenTarget(
  target: StoredTarget,
  names: ReadonlyMap<string, TargetName>,
): TargetInput | undefined {
  const word = names.get(targetKey(target))?.word;
  if (word === undefined) return undefined;
  switch (target.kind) {
    case "schedule":
      return { schedule: word };
    case "next":
      return { next: word };
    case "user":
      return { user: word };
    case "team":
      return { team: word };
    case "lead":
      return { lead: word };
  }
}

/** One target in the input, and where. */
export interface WrittenTarget {
  pointer: string;
  target: TargetInput;
}

interface Word {
  kind: Target["kind"];
  word: string;
  pointer: string;
}

/** Finds what the targets name. `problems` has each that names nothing, with the nearest name that exists. */
export async function findTargets(
  tx: Tx,
  written: readonly WrittenTarget[],
): Promise<{ find(target: TargetInput): StoredTarget; problems: Problem[] }> {
  const words = written.map(({ pointer, target }) => wordOf(target, pointer));
  const of = (...kinds: Target["kind"][]) => words.filter((word) => kinds.includes(word.kind));
  const people = await findEmails(
    tx,
    of("user").map(({ pointer, word }) => ({ pointer, email: word })),
  );
  const schedules = await findSlugs(tx, "schedules", of("schedule", "next"));
  const teams = await findSlugs(tx, "teams", of("team", "lead"));
  const ids = {
    ...{ schedule: schedules.idOf, next: schedules.idOf },
    ...{ user: people.idOf, team: teams.idOf, lead: teams.idOf },
  };
  return {
    find(target) {
      const { kind, word } = wordOf(target, "");
      return { kind, id: ids[kind](word) };
    },
    problems: [...people.problems, ...schedules.problems, ...teams.problems],
  };
}

function wordOf(target: TargetInput, at: string): Word {
  if ("schedule" in target) return { kind: "schedule", word: target.schedule, pointer: `${at}/schedule` };
  if ("next" in target) return { kind: "next", word: target.next, pointer: `${at}/next` };
  if ("user" in target) return { kind: "user", word: target.user, pointer: `${at}/user` };
  if ("lead" in target) return { kind: "lead", word: target.lead, pointer: `${at}/lead` };
  return { kind: "team", word: target.team, pointer: `${at}/team` };
}

async function findSlugs(tx: Tx, table: "schedules" | "teams", words: readonly Word[]) {
  const slugs = [...new Set(words.map(({ word }) => word))];
  // Held until the end, so that nothing a policy names is deleted while the policy is written.
  const rows =
    slugs.length === 0
      ? []
      : await tx.selectFrom(table).select(["id", "slug"]).where("slug", "in", slugs).forKeyShare().execute();
  const known = new Map(rows.map((row) => [row.slug, row.id]));
  const wrong = words.filter(({ word }) => !known.has(word));
  const all = wrong.length === 0 ? [] : await tx.selectFrom(table).select("slug").execute();
  const what = table === "schedules" ? "schedule" : "team";
  const problems = wrong.map(({ pointer, word }): Problem => {
    const near = didYouMean(
      word,
      all.map((row) => row.slug),
    );
    return { pointer, detail: `There is no ${what} "${word}".${near || " Create it first."}` };
  });
  return { idOf: (slug: string) => known.get(slug)!, problems };
}
