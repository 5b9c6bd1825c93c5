import { type Duty, type Load, loads, nightsIn } from "../fairness/load.ts";
import { windowsOf } from "../fairness/windows.ts";
import { intersect, type Stretch, union } from "../schedule/stretches.ts";
import type { Candidate } from "./problem.ts";

export interface Measured {
  /** From the beginning of the history to the end of the proposal. */
  range: Stretch;
  /** When the first turn begins. */
  start: number;
  pieces: readonly (readonly Stretch[])[];
  people: readonly { id: string; name: string; zone: string }[];
  /** Who was on call before `start`, by history and by what is planned until then. */
  history: readonly Duty[];
  away: readonly { user: string; from: number; to: number }[];
  /** Dates that are holidays on this schedule. */
  holidays: readonly string[];
}

const SCHEDULE = "proposed";

/** What each turn would cost each person by their own clock, what they carry already, and when they can't. */
export function candidatesOf(input: Measured): Candidate[] {
  const { people, pieces, history, start } = input;
  const perZone = new Map<string, ReturnType<typeof perTurn>>();
  const carried = carriedBy(input);
  return people.map(({ id, name, zone }) => {
    const turns = perZone.get(zone) ?? perTurn(input, zone);
    perZone.set(zone, turns);
    const own = history.filter(({ user }) => user === id);
    const absences = union(input.away.filter(({ user }) => user === id));
    return {
      ...{ name, carried: carried.get(id)?.points ?? 0, cost: turns.cost, nights: turns.nights },
      away: new Set(pieces.flatMap((each, turn) => (intersect(each, absences).length > 0 ? [turn] : []))),
      nightsBefore: nightsIn(union(own), turns.windows),
      heldBefore: own.some(({ from, to }) => from < start && to >= start),
    };
  });
}

const carriedBy = ({ range, start, people, history, holidays }: Measured): Map<string, Load> =>
  loads({
    ...{ range: { from: range.from, to: start }, now: start, duties: history, pages: [] },
    zones: new Map(people.map(({ id, zone }) => [id, zone])),
    holidays: new Map(history.map(({ schedule }) => [schedule, holidays])),
  });

/** Points and nights of each turn on the clock of one zone: each turn counted as if it were a person. */
function perTurn({ range, pieces, holidays }: Measured, zone: string) {
  const { nights: windows } = windowsOf(range, zone);
  const duties = pieces.flatMap((each, turn) =>
    each.map((piece) => ({ user: String(turn), schedule: SCHEDULE, ...piece })),
  );
  const counted = loads({
    ...{ range, now: range.to, duties, pages: [] },
    zones: new Map(pieces.map((_, turn) => [String(turn), zone])),
    holidays: new Map([[SCHEDULE, holidays]]),
  });
  return {
    windows,
    cost: pieces.map((_, turn) => counted.get(String(turn))!.points),
    nights: pieces.map((each) => nightsIn(each, windows)),
  };
}
