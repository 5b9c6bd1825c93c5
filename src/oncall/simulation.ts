import type { z } from "zod";
import type { Urgency } from "../catalog/schema.ts";
import { findService, serviceResource } from "../catalog/services.ts";
import { supportBegins } from "../catalog/support-hours.ts";
import type { Actor } from "../org/actor.ts";
import { must } from "../org/can.ts";
import { quietHoursOf } from "../org/quiet-hours.ts";
import { msBetween } from "../platform/clock.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { parseDuration } from "../platform/duration.ts";
import type { PersonRef } from "../platform/http/schema.ts";
import { refuse } from "./definition.ts";
import { choosePath } from "./escalation/paths.ts";
import { type PolicyCopy, type Target, targetsOfCopy } from "./escalation/policy.ts";
import { describeWhy } from "./escalation/why.ts";
import { administrators, withLastResort } from "./last-resort.ts";
import { type ContactChoice, describePlanReason } from "./notification-rules.ts";
import { findEmails, peopleById } from "./people.ts";
import { activeAmong, membersOfTeams, policyOfService, rulesFor } from "./resolve.ts";
import type { Schedule } from "./schedule/types.ts";
import type { simulateInput, simulation } from "./schema.ts";
import { mentions } from "./seats.ts";
import { type SimulationInput, simulate } from "./simulate.ts";
import { scheduleRows, withRules } from "./stored.ts";
import { turnsOf } from "./turns.ts";

export type SimulationJson = z.output<typeof simulation>;

/** A person's contact method, as far as a simulation asks. */
export interface MethodRef extends ContactChoice {
  channel: string;
}

/** Contact methods by user id, each person's in their order. `main` hands it in: this folder knows no channels. */
export type MethodsOf = (db: DbOrTx, userIds: readonly string[]) => Promise<Map<string, MethodRef[]>>;

export interface SimulationQuestion extends Omit<z.output<typeof simulateInput>, "at"> {
  at: Temporal.Instant;
  methodsOf: MethodsOf;
}

/** What an incident of a service would do with no answers but the given ones. Saves nothing and pages nobody. */
export async function simulateService(
  db: DbOrTx,
  viewer: Actor,
  { methodsOf, ...input }: SimulationQuestion,
): Promise<SimulationJson> {
  const service = await findService(db, input.service);
  must(viewer, "read", serviceResource(service));
  const own = await policyOfService(db, service.id);
  const { at } = input;
  const horizonMs = Math.round(input.hours * 3_600_000);
  const urgency = input.urgency ?? service.urgency;
  const { severity, labels } = input;
  const hours = urgency === "low" ? service.support_hours : null;
  const begins = hours ? supportBegins(hours, at) : null;
  const opensAt = begins ?? at;
  const chosen = own && choosePath(own, { urgency, severity, labels: [labels], at: opensAt });
  const policy = withLastResort(chosen, await administrators(db));
  const { given, problems } = await givenAnswers(db, input.answers);
  refuse(problems);
  const found = await gather(db, { policy, urgency, at: opensAt, methodsOf });
  const result = simulate<MethodRef>({
    ...{ policy, urgency, at: opensAt, horizonMs, answers: given },
    ...found.input,
  });
  const named = await peopleById(
    db,
    given.map((each) => each.person),
  );
  const person = (id: string): PersonRef =>
    found.people.get(id) ?? named.get(id) ?? { id, name: "somebody", email: "" };
  const noPolicy =
    own === null ? ["The service has no escalation policy: the administrators are paged."] : [];
  return {
    at: at.toString(),
    held_until: begins?.toString() ?? null,
    policy: own && { slug: own.slug, name: own.name },
    path: policy.path ?? null,
    items: result.deliveries.map((delivery) => ({
      at: delivery.at.toString(),
      after_ms: msBetween(at, delivery.at),
      paged_at: delivery.pagedAt.toString(),
      level: delivery.level,
      repeat: delivery.repeat,
      person: person(delivery.person),
      method: delivery.method.slug,
      channel: delivery.method.channel,
      waits: delivery.waits ?? null,
    })),
    answers: result.answered.map(({ at: when, person: who, does }) => ({
      at: when.toString(),
      person: person(who),
      does,
    })),
    notes: inOrder([
      ...[
        ...noPolicy,
        ...result.unreachable.map(
          (each) => `${person(each.person).name} can't be reached. ${describePlanReason(each.reason) ?? ""}`,
        ),
        ...result.unanswered.map(
          (each) => `${person(each.person).name} never answers: nothing reaches them in that time.`,
        ),
      ].map((text) => ({ at: at.toString(), text })),
      ...heldNotes(service.name, { at, begins }),
      ...result.decisions.map(({ at: when, why }) => ({
        at: when.toString(),
        text: describeWhy(why, (id) => person(id).name),
      })),
      ...result.answered.map((each) => ({
        at: each.at.toString(),
        text: answerWords(person(each.person).name, each),
      })),
    ]),
  };
}

const inOrder = <N extends { at: string }>(notes: readonly N[]): N[] =>
  notes.toSorted((a, b) =>
    Temporal.Instant.compare(Temporal.Instant.from(a.at), Temporal.Instant.from(b.at)),
  );

const heldNotes = (
  service: string,
  { at, begins }: { at: Temporal.Instant; begins: Temporal.Instant | null },
) =>
  begins
    ? [
        {
          at: at.toString(),
          text: `Held: low urgency outside of the support hours of ${service}. If it still fails when they begin, it pages.`,
        },
      ]
    : [];

function answerWords(
  name: string,
  { does, until }: { does: "acknowledge" | "resolve"; until: Temporal.Instant | null },
): string {
  if (does === "resolve") return `${name} resolves it. Nothing rings any more.`;
  return until
    ? `${name} acknowledges. Nothing rings until the acknowledgement runs out; then it pages all over again.`
    : `${name} acknowledges. Nothing rings any more.`;
}

/** The answers with their people's ids. */
async function givenAnswers(db: DbOrTx, answers: SimulationQuestion["answers"]) {
  const written = answers.map(({ person }, index) => ({
    pointer: `/answers/${index}/person`,
    email: person,
  }));
  const found = await findEmails(db, written);
  const given = answers.map(({ person, does, after }) => ({
    person: found.problems.length > 0 ? "" : found.idOf(person),
    does,
    afterMs: parseDuration(after) ?? 0,
  }));
  return { given, problems: found.problems };
}

interface Question {
  policy: PolicyCopy;
  urgency: Urgency;
  at: Temporal.Instant;
  methodsOf: MethodsOf;
}

/** Everything that the pure simulator asks about, in a fixed number of queries. */
async function gather(db: DbOrTx, { policy, urgency, at, methodsOf }: Question) {
  const targets = targetsOfCopy(policy);
  const idsOf = (...kinds: Target["kind"][]) =>
    targets.filter((target) => kinds.includes(target.kind)).map((target) => target.id);
  const schedules = await schedulesById(db, idsOf("schedule", "next"), at);
  const all = await membersOfTeams(db, idsOf("team", "lead"));
  const everybody = [
    ...new Set([
      ...idsOf("user"),
      ...[...all.values()].flat().map((member) => member.person),
      ...[...schedules.values()].flatMap(namedIn),
    ]),
  ];
  const active = await activeAmong(db, everybody);
  const [rules, methods] = [await rulesFor(db, everybody, urgency), await methodsOf(db, everybody)];
  const quiet = urgency === "low" ? await quietHoursOf(db, everybody) : new Map();
  const usable = (id: string) => (active.has(id) ? (methods.get(id) ?? []) : []);
  const input: Pick<SimulationInput<MethodRef>, "schedules" | "teams" | "people" | "served"> = {
    schedules,
    teams: new Map([...all].map(([id, members]) => [id, members.filter(({ person }) => active.has(person))])),
    served: await turnsOf(db, policy),
    people: new Map(
      everybody.map((id) => [
        id,
        { rules: rules.get(id) ?? [], methods: usable(id), quiet: quiet.get(id) ?? null },
      ]),
    ),
  };
  return { input, people: await peopleById(db, everybody) };
}

async function schedulesById(
  db: DbOrTx,
  ids: readonly string[],
  at: Temporal.Instant,
): Promise<Map<string, Schedule>> {
  if (ids.length === 0) return new Map();
  const rows = await scheduleRows(db).where("schedules.id", "in", ids).execute();
  return new Map((await withRules(db, rows, { at })).map(({ id, rules }) => [id, rules]));
}

/** Everybody who could be on call by these rules. */
const namedIn = ({ versions, overrides }: Schedule): string[] => [
  ...mentions(versions.flatMap((version) => version.definition.layers)).map((mention) => mention.user),
  ...overrides.flatMap((override) => (override.kind === "remove" ? [] : [override.user])),
];
