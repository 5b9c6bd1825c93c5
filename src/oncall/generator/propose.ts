import type { Actor } from "../../org/actor.ts";
import { must } from "../../org/can.ts";
import { isBefore } from "../../platform/clock.ts";
import type { DbOrTx } from "../../platform/database/database.ts";
import { invalid } from "../../platform/refusal.ts";
import { outOfOfficeWithin } from "../calendar/out-of-office.ts";
import { refuse, writtenLayers } from "../definition.ts";
import { dutiesOf, peopleWithZones } from "../fairness/fairness.ts";
import { holidaysOf } from "../fairness/holidays.ts";
import { findEmails, peopleById } from "../people.ts";
import type { LayerDefinition, ScheduleDefinition, Span } from "../schedule/types.ts";
import { versionCutover, withVersion } from "../schedule/versions.ts";
import { parseLocal } from "../schedule/wall-clock.ts";
import { readMoment } from "../schedule-json.ts";
import { scheduleResource } from "../schedules.ts";
import { mentions } from "../seats.ts";
import { type StoredSchedule, scheduleBySlug } from "../stored.ts";
import { compared } from "./compare.ts";
import { candidatesOf } from "./measure.ts";
import type { Assignment, Constraints, Problem } from "./problem.ts";
import { broken, orderRing, turned } from "./ring.ts";
import type { ProposalInput, ProposalJson } from "./schema.ts";
import { shareOut } from "./search.ts";
import { type Frame, frameOf, nextTurn, piecesOf, turnOf, turnsFrom } from "./slots.ts";
import { brokenInWords, leftOpen, type Unmet } from "./why.ts";

interface Asked {
  slug: string;
  input: ProposalInput;
  now: Temporal.Instant;
}

/** What is looked at: the schedule, when, in which turns, by whom. */
interface Setting extends Span {
  stored: StoredSchedule;
  frame: Frame;
  turns: ReturnType<typeof turnsFrom>;
  turn: string;
  people: readonly { id: string; name: string; email: string; zone: string }[];
  skills: Constraints["skills"];
  historyFrom: Temporal.Instant;
}

/** Proposes who is on call in the next weeks, or in which order; changes nothing. See docs/fairness.md. */
export async function proposeRotation(db: DbOrTx, viewer: Actor, asked: Asked): Promise<ProposalJson> {
  const { input, now } = asked;
  const setting = await settingOf(db, viewer, asked);
  const problem = await problemOf(db, setting, input);
  const { assignment, ring, unmet } = solve(problem, input);
  const { stored, people, turns, frame, from, to } = setting;
  const layer = ring
    ? ringLayer(
        setting,
        ring.map((person) => people[person]!.id),
      )
    : { shifts: listed(turns, assignment, people), ...frame.layer };
  const definition = withLayer(stored.latest, layer, { now, frame, ringFrom: ring ? turns[0]!.from : null });
  const after = withVersion(stored.rules, definition, now);
  const refs = await peopleById(
    db,
    mentions(definition.layers).map(({ user }) => user),
  );
  const at = (local: string) => Temporal.PlainDateTime.from(local).toZonedDateTime(frame.zone).toInstant();
  const spanOf = (slot: number) => ({
    from: at(turns[slot]!.from).toString(),
    to: at(turns[slot]!.to).toString(),
  });
  return {
    ...{ from: from.toString(), to: to.toString(), time_zone: frame.zone, turn: setting.turn },
    shifts: assignment.flatMap((seats, slot) => {
      const users = seats.flatMap((person) => (person === null ? [] : people[person]!.email));
      return users.length === 0 ? [] : [{ users, ...spanOf(slot) }];
    }),
    order: ring?.map((person) => people[person]!.email) ?? null,
    unmet: unmet.map(({ slot, kind, text }) => ({ ...spanOf(slot), kind, text })),
    ...(await compared(db, {
      ...setting,
      after,
      now,
      carried: problem.people.map(({ carried }) => carried),
    })),
    layers: writtenLayers(definition.layers, refs),
    applied_from: (after.versions.at(-1)?.from ?? now).toString(),
  };
}

function solve(
  problem: Problem,
  { as, seed }: ProposalInput,
): { assignment: Assignment; ring: number[] | null; unmet: Unmet[] } {
  if (as === "shifts") {
    const assignment = shareOut(problem, seed);
    return { assignment, ring: null, unmet: leftOpen(problem, assignment) };
  }
  const ring = orderRing(problem, seed);
  const assignment = turned(ring, problem.slots);
  return { assignment, ring, unmet: brokenInWords(problem, broken(problem, assignment)) };
}

async function settingOf(db: DbOrTx, viewer: Actor, { slug, input, now }: Asked): Promise<Setting> {
  const since = now.subtract({ hours: 24 * input.history_days });
  const stored = await scheduleBySlug(db, slug, { at: now, since });
  must(viewer, "read", scheduleResource(stored.team?.id ?? null));
  if (input.as === "rotation" && input.seats > 1)
    throw invalid("/seats", "A rotation has one seat here; ask for `shifts` to have several people at once.");
  const frame = frameOf(stored.latest, input.layer) ?? refuseLayer(stored, input);
  const layers = frame.places.map((place) => stored.latest.layers[place]!);
  const start = startOf(input, { stored, frame, layers, now });
  const turn = input.turn ?? turnOf(layers);
  const turns = turnsFrom(start, { turn, weeks: input.weeks });
  const at = (local: string) => Temporal.PlainDateTime.from(local).toZonedDateTime(frame.zone).toInstant();
  const [from, to] = [at(turns[0]!.from), at(turns.at(-1)!.to)];
  const { people, skills } = await readPeople(db, { input, layers });
  if (people.length < input.seats)
    throw invalid(
      "/seats",
      `${input.seats} people at once need at least ${input.seats} people; there are ${people.length}.`,
    );
  const historyFrom = from.subtract({ hours: 24 * input.history_days });
  return { stored, frame, turns, turn, from, to, people, skills, historyFrom };
}

function refuseLayer({ slug, latest }: StoredSchedule, { layer }: ProposalInput): never {
  const count = latest.layers.length;
  throw invalid(
    "/layer",
    layer === undefined
      ? `The layers of "${slug}" have different hours or zones. Say for which one to propose: layer 0 to ${count - 1}.`
      : `There is no layer ${layer}: "${slug}" has ${count}, counted from 0.`,
  );
}

/** The next turn after the next hand-off, or next Monday at nine where nobody is on call by the layers; local to the frame's zone. */
function startOf(
  { from }: ProposalInput,
  {
    stored,
    frame,
    layers,
    now,
  }: { stored: StoredSchedule; frame: Frame; layers: readonly LayerDefinition[]; now: Temporal.Instant },
): Temporal.PlainDateTime {
  const local = (at: Temporal.Instant) =>
    at
      .toZonedDateTimeISO(frame.zone)
      .toPlainDateTime()
      .round({ smallestUnit: "minute", roundingMode: "ceil" });
  if (from !== undefined) {
    const at = readMoment(from, { pointer: "/from", timeZone: frame.zone });
    if (isBefore(at, now)) throw invalid("/from", `${from} is over; a proposal is for what is to come.`);
    return local(at);
  }
  const next = versionCutover(stored.rules, now);
  if (isBefore(now, next)) return nextTurn(layers, local(next));
  const today = local(now);
  return today.add({ days: 8 - today.dayOfWeek }).with({ hour: 9, minute: 0 });
}

async function readPeople(
  db: DbOrTx,
  { input, layers }: { input: ProposalInput; layers: readonly LayerDefinition[] },
): Promise<Pick<Setting, "people" | "skills">> {
  const written = [
    ...(input.people ?? []).map((email, i) => ({ pointer: `/people/${i}`, email })),
    ...input.constraints.skills.flatMap(({ people }, k) =>
      people.map((email, i) => ({ pointer: `/constraints/skills/${k}/people/${i}`, email })),
    ),
  ];
  const { idOf, problems } = await findEmails(db, written);
  refuse(problems);
  const ids = input.people?.map(idOf) ?? mentions(layers).map(({ user }) => user);
  const zones = await peopleWithZones(db, ids);
  const people = [...new Set(ids)].flatMap((id) => {
    const someone = zones.get(id);
    return someone ? [{ ...someone.ref, zone: someone.zone }] : [];
  });
  if (people.length === 0)
    throw invalid("/people", "Nobody is in the schedule's layers; say who takes part.");
  const place = (email: string) => people.findIndex(({ id }) => id === idOf(email));
  const skills = input.constraints.skills.map(({ name, people: having }) => ({
    ...{ name, people: new Set(having.map(place).filter((at) => at >= 0)) },
  }));
  return { people, skills };
}

async function problemOf(db: DbOrTx, setting: Setting, input: ProposalInput): Promise<Problem> {
  const { stored, people, turns, frame, historyFrom, from, to, skills } = setting;
  const pieces = piecesOf(turns, frame);
  const history = dutiesOf(stored, { from: historyFrom, to: from });
  const away = input.constraints.time_off
    ? await outOfOfficeWithin(db, { users: people.map(({ id }) => id), from, to })
    : [];
  const candidates = candidatesOf({
    ...{ range: { from: historyFrom.epochMilliseconds, to: to.epochMilliseconds } },
    ...{ start: from.epochMilliseconds, pieces, people, history: history.duties },
    away: away.map((each) => ({
      ...{ user: each.user, from: each.from.epochMilliseconds, to: each.to.epochMilliseconds },
    })),
    holidays: (await holidaysOf(db, [stored])).get(stored.id) ?? [],
  });
  const { back_to_back, max_nights: maxNights } = input.constraints;
  return {
    ...{ seats: input.seats, slots: turns.length, people: candidates },
    constraints: { noBackToBack: !back_to_back, maxNights, skills },
  };
}

/** Turns as shifts that are written out; neighbours of the same people are one. An open turn is left to the layers below. */
function listed(turns: Setting["turns"], assignment: Assignment, people: Setting["people"]) {
  const shifts: { users: string[]; from: string; to: string }[] = [];
  for (const [slot, seats] of assignment.entries()) {
    const users = seats.flatMap((person) => (person === null ? [] : people[person]!.id)).sort();
    const last = shifts.at(-1);
    const { from, to } = turns[slot]!;
    if (last?.to === from && last.users.join() === users.join()) last.to = to;
    else if (users.length > 0) shifts.push({ users, from, to });
  }
  return shifts.map(({ users, ...times }) =>
    users.length === 1 ? { user: users[0]!, ...times } : { users, ...times },
  );
}

const ringLayer = ({ turns, turn, frame }: Setting, users: readonly string[]): LayerDefinition => ({
  ...{
    ...(turn === "1w" ? { rotation: "weekly" } : turn === "1d" ? { rotation: "daily" } : { every: turn }),
  },
  ...{ starts: turns[0]!.from, users, ...frame.layer },
});

/**
 * The layers with a new one right above those that it stands in for, so that layers above stay above. Lists of shifts
 * that are all over go. Of those it stands in for, rings end where a new ring begins, so that they don't pile up; one
 * that hadn't begun by then goes.
 */
function withLayer(
  { time_zone, layers }: ScheduleDefinition,
  layer: LayerDefinition,
  { now, frame, ringFrom }: { now: Temporal.Instant; frame: Frame; ringFrom: string | null },
): ScheduleDefinition {
  const isOver = ({ shifts, time_zone: own }: LayerDefinition): boolean =>
    shifts?.every(({ to }) => isBefore(readMoment(to, { pointer: "", timeZone: own ?? time_zone }), now)) ??
    false;
  const last = frame.places.at(-1);
  const all = layers.flatMap((each, place): LayerDefinition[] => {
    const kept = isOver(each)
      ? []
      : frame.places.includes(place) && ringFrom !== null
        ? endedAt(each, ringFrom)
        : [each];
    return place === last ? [...kept, layer] : kept;
  });
  return { time_zone, layers: all };
}

function endedAt(layer: LayerDefinition, end: string): LayerDefinition[] {
  if (layer.starts === undefined) return [layer];
  const at = parseLocal(end)!;
  if (parseLocal(layer.starts)! >= at) return [];
  return layer.ends !== undefined && parseLocal(layer.ends)! <= at ? [layer] : [{ ...layer, ends: end }];
}
