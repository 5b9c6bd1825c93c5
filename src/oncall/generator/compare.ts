import type { DbOrTx } from "../../platform/database/database.ts";
import { dutiesOf } from "../fairness/fairness.ts";
import { holidaysOf } from "../fairness/holidays.ts";
import { type Load, loads } from "../fairness/load.ts";
import { balanceOf } from "../fairness/quality.ts";
import type { Schedule, Span } from "../schedule/types.ts";
import type { StoredSchedule } from "../stored.ts";
import type { ProposalJson } from "./schema.ts";

interface Compared extends Span {
  stored: StoredSchedule;
  /** The schedule as it would be. */
  after: Schedule;
  now: Temporal.Instant;
  people: readonly { id: string; name: string; email: string; zone: string }[];
  /** Points from before, by the people's places. */
  carried: readonly number[];
}

type Numbers = Pick<ProposalJson, "people" | "balance" | "spread">;

/** What the people carry by the plan as it stands and by the proposal, both taken from the whole schedule. */
export async function compared(db: DbOrTx, input: Compared): Promise<Numbers> {
  const { stored, after, people, carried, from, to, now } = input;
  const holidays = await holidaysOf(db, [stored]);
  const measure = (rules: Schedule): Map<string, Load> =>
    loads({
      range: { from: from.epochMilliseconds, to: to.epochMilliseconds },
      now: now.epochMilliseconds,
      duties: dutiesOf({ ...stored, rules }, { from, to }).duties,
      pages: [],
      zones: new Map(people.map(({ id, zone }) => [id, zone])),
      holidays,
    });
  const [old, fresh] = [measure(stored.rules), measure(after)];
  const rows = people.map(({ zone: _, ...person }, i) => ({
    person,
    history_points: rounded(carried[i]!),
    before: carriedJson(old.get(person.id)!, carried[i]!),
    after: carriedJson(fresh.get(person.id)!, carried[i]!),
  }));
  const both = (of: (points: number[]) => number) => ({
    before: of(rows.map((row) => row.before.total_points)),
    after: of(rows.map((row) => row.after.total_points)),
  });
  return {
    people: rows,
    balance: both(balanceOf),
    spread: both((points) => rounded(Math.max(...points) - Math.min(...points))),
  };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
const hours = (spentMs: number): number => rounded(spentMs / 3_600_000);

const carriedJson = (load: Load, carried: number): ProposalJson["people"][number]["before"] => ({
  ...{ hours: hours(load.onCallMs), nights: load.nights, weekend_hours: hours(load.weekendMs) },
  ...{ holidays: load.holidays, points: rounded(load.points) },
  total_points: rounded(load.points + carried),
});
