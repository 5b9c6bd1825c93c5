import assert from "node:assert/strict";
import { test } from "node:test";
import { type Loop, startLoop } from "../../test/support/loop.ts";
import { alertEngine } from "../alert/engine.ts";
import { createPolicy } from "../oncall/policies.ts";
import { createSchedule } from "../oncall/schedules.ts";
import type { TargetInput } from "../oncall/schema.ts";
import { type SimulationJson, simulateService } from "../oncall/simulation.ts";
import { updateUser } from "../org/people-changes.ts";
import { usableMethods } from "../page/contact-methods.ts";
import { pageEngine } from "../page/engine.ts";
import { msBetween } from "../platform/clock.ts";
import { createListener } from "../platform/database/listen.ts";
import { createDue } from "../platform/due/due.ts";
import { onFailpoint } from "../platform/failpoint.ts";
import { silentLog } from "../platform/log.ts";
import { createAddressGuard } from "../platform/net/address-guard.ts";
import { createResolver } from "../platform/net/resolver.ts";
import { randomFrom } from "../platform/random.ts";
import { incidentEngine } from "./engine.ts";
import { acknowledge } from "./verbs.ts";

const POLICIES = process.env.KEEPWATCH_SWEEP === "all" ? 1_000 : 8;
const HOURS = 3;
const MINUTE_MS = 60_000;
/** A death costs its work up to this before it is taken up again; the waits after it count from there. */
const LATE_MS = 5_000;
/** How likely a failpoint is to be a death. */
const DEADLY = 0.04;

type Dice = () => number;
const pick = <T>(dice: Dice, from: readonly T[]): T => from[Math.floor(dice() * from.length)]!;

const TARGETS: readonly TargetInput[] = [
  { user: "ada@example.com" },
  { user: "bo@example.com" },
  { user: "cy@example.com" },
  // Nothing can reach Dee.
  { user: "dee@example.com" },
  { team: "ops" },
  { lead: "ops" },
  { schedule: "duty" },
  { next: "duty" },
];

const someTargets = (dice: Dice, least: number): TargetInput[] => {
  const chosen = TARGETS.filter(() => dice() < 0.3);
  return chosen.length >= least ? chosen : [pick(dice, TARGETS)];
};

const somePolicy = (dice: Dice) => ({
  repeat: Math.floor(dice() * 3),
  levels: Array.from({ length: 1 + Math.floor(dice() * 4) }, () => ({
    targets: someTargets(dice, 1),
    wait: pick(dice, ["1m", "4m", "15m", "40m"]),
    ...(dice() < 0.25 ? { round_robin: true as const } : {}),
  })),
  fallback: dice() < 0.5 ? [] : someTargets(dice, 1),
});

/** Ada, Bo and Cy who can be reached, Dee who can't, a team of two, a schedule that changes hands each hour. */
async function world() {
  const loop = await startLoop({ at: "2026-11-23T09:00:00Z" });
  const ops = await loop.team("ops");
  const ada = await loop.person("ada", { team: ops });
  await loop.person("bo", { team: ops });
  await loop.person("cy");
  await loop.person("dee", { methods: 0 });
  await loop.verb((tx, by) =>
    createSchedule(tx, by, {
      ...{ slug: "duty", name: "Duty", team: null, time_zone: "Europe/Paris" },
      layers: [
        {
          rotation: "hourly",
          starts: "2026-11-01T00:30",
          users: ["ada@example.com", "cy@example.com", null],
        },
      ],
    }),
  );
  const second = await anotherWorker(loop);
  return { loop, ada, second };
}

/** A second process as far as jobs are concerned: its own queue and listener over the same database. */
async function anotherWorker({ t, answer }: Loop) {
  const { clock, platform } = t;
  const listener = createListener({ url: t.url, clock, log: silentLog });
  const due = createDue({ db: platform.db, clock, listener, log: silentLog });
  const own = { ...platform, due };
  const guard = createAddressGuard({ ownPorts: [], allowPrivate: true });
  pageEngine(own, { answer, guard, resolve: createResolver() });
  void alertEngine(own);
  incidentEngine(own);
  await listener.start();
  due.start();
  return {
    async [Symbol.asyncDispose]() {
      await due.stop(2_000);
      await listener.stop();
    },
  };
}

interface Paged {
  at: Temporal.Instant;
  who: string;
  /** When messages that wait for the end of quiet hours are due, in order. */
  waiting: string;
}

const keyOf = (level: number, repeat: number, person: string): string =>
  `level ${level} run ${repeat} ${person}`;

/** What the simulator says, each page once whatever number of methods carries it. */
function foretold(simulation: SimulationJson): Paged[] {
  const pages = new Map<string, Paged>();
  for (const { paged_at, level, repeat, person } of simulation.items) {
    const who = keyOf(level, repeat, person.id);
    const same = simulation.items.filter((item) => keyOf(item.level, item.repeat, item.person.id) === who);
    const waiting = same.flatMap((item) => (item.waits ? [item.at] : [])).join(" ");
    pages.set(who, { at: Temporal.Instant.from(paged_at), who, waiting });
  }
  return [...pages.values()];
}

async function happened(loop: Loop, incidentId: string): Promise<Paged[]> {
  const rows = await loop.t.platform.db
    .selectFrom("pages")
    .select(["id", "created_at", "level", "repeat", "person_id"])
    .where("subject_id", "=", incidentId)
    .execute();
  const deliveries = await loop.t.platform.db
    .selectFrom("deliveries")
    .select(["page_id", "created_at", "due_at"])
    .where("subject_id", "=", incidentId)
    .where("purpose", "=", "page")
    .orderBy("due_at")
    .execute();
  return rows.map((row) => ({
    at: row.created_at,
    who: keyOf(row.level, row.repeat, row.person_id),
    waiting: deliveries
      .filter((each) => each.page_id === row.id && msBetween(each.created_at, each.due_at) >= MINUTE_MS)
      .map(({ due_at }) => due_at.toString())
      .join(" "),
  }));
}

const inOrder = (pages: readonly Paged[]): Paged[] =>
  pages.toSorted((a, b) => a.who.localeCompare(b.who, "en"));

/** When nobody is about to be paged, so that a death a moment earlier can't put a page on the other side of it. */
function quietMoment(dice: Dice, pages: readonly Paged[], from: Temporal.Instant): number {
  for (let tries = 0; tries < 50; tries++) {
    const afterMs = Math.floor(dice() * HOURS * 60) * MINUTE_MS + 30_000;
    const isQuiet = pages.every(({ at }) => Math.abs(msBetween(from, at) - afterMs) > 25_000);
    if (isQuiet) return afterMs;
  }
  return HOURS * 60 * MINUTE_MS - 30_000;
}

/** A stretch of hours in UTC that begins some minutes from now. */
function hoursFrom(now: Temporal.Instant, afterMinutes: number, lastMinutes: number) {
  const wall = (minutes: number) =>
    now.add({ minutes }).toZonedDateTimeISO("UTC").toPlainTime().toString({ smallestUnit: "minute" });
  return { from: wall(afterMinutes), to: wall(afterMinutes + lastMinutes) };
}

/** Some of those on call keep quiet hours that have begun, or begin and end while the incident goes on. */
async function someQuiet({ loop }: World, dice: Dice): Promise<void> {
  for (const name of ["ada", "bo", "cy"]) {
    const begins = Math.floor(dice() * 180) - 60;
    const lasts = 20 + Math.floor(dice() * 600);
    const isQuiet = dice() < 0.4;
    const quiet_hours = isQuiet ? [hoursFrom(loop.t.clock.now(), begins, lasts)] : null;
    await loop.verb((tx, by) => updateUser(tx, by, { id: `${name}@example.com`, quiet_hours }));
  }
}

type World = Awaited<ReturnType<typeof world>>;

/** One policy from the first page to the last, beside what the simulator said of it. */
async function rehearse(w: World, seed: number): Promise<void> {
  const { loop, ada } = w;
  const { platform, clock } = loop.t;
  const dice = randomFrom(seed);
  const policy = somePolicy(dice);
  const slug = `policy-${seed}`;
  await loop.verb((tx, by) => createPolicy(tx, by, { slug, name: slug, team: null, ...policy } as never));
  const urgency = dice() < 0.6 ? "high" : "low";
  await someQuiet(w, dice);
  const begins = 10 + Math.floor(dice() * 90);
  const support = { time_zone: "UTC", hours: [hoursFrom(clock.now(), begins, 720)] };
  const more = dice() < 0.4 ? { support_hours: support } : {};
  const service = await loop.service(`service-${seed}`, slug, more);
  const simulation = await simulateService(platform.db, loop.root, {
    ...{
      service: service.slug,
      at: clock.now(),
      time_zone: "UTC",
      answers: [],
      urgency,
      hours: HOURS,
      severity: "SEV2",
      labels: {},
    },
    methodsOf: usableMethods,
  });
  const from = Temporal.Instant.from(simulation.held_until ?? simulation.at);
  const heldMs = msBetween(clock.now(), from);
  assert.equal(heldMs, urgency === "low" && "support_hours" in more ? begins * MINUTE_MS : 0);
  const expected = foretold(simulation);
  const answerMs = dice() < 0.5 ? quietMoment(dice, expected, from) : null;
  let deaths = 0;
  const alive = onFailpoint((name) => {
    if (dice() >= DEADLY) return;
    deaths += 1;
    throw new Error(`died at ${name}`);
  });
  try {
    await loop.trigger(slug, { serviceId: service.id, urgency });
    await loop.pass(`${heldMs + (answerMs ?? HOURS * 60 * MINUTE_MS)}ms`);
    const incident = await platform.db
      .selectFrom("incidents")
      .select("id")
      .where("service_id", "=", service.id)
      .executeTakeFirstOrThrow();
    if (answerMs !== null) {
      await loop.verb((tx, by) => acknowledge(tx, by, { id: incident.id, how: "the test" }), ada);
      await loop.pass(`${HOURS * 60 * MINUTE_MS - answerMs}ms`);
    }
    alive();
    await loop.resolve(slug);
    await loop.settle();
    const until = from.add({ milliseconds: answerMs ?? HOURS * 60 * MINUTE_MS });
    compare({
      what: `policy ${seed}: ${JSON.stringify({ policy, urgency, heldMs, answerMs, deaths })}`,
      wanted: expected.filter(({ at }) => Temporal.Instant.compare(at, until) < 0),
      got: (await happened(loop, incident.id)).filter(({ at }) => Temporal.Instant.compare(at, until) < 0),
      lateMs: deaths * LATE_MS,
      until,
    });
  } finally {
    alive();
  }
}

/** The same pages, each as late as the deaths before it can have made it; near the end one may be missing for that. */
function compare(story: {
  what: string;
  wanted: readonly Paged[];
  got: readonly Paged[];
  lateMs: number;
  until: Temporal.Instant;
}): void {
  const { what, lateMs, until } = story;
  const due = story.wanted.filter(({ at }) => msBetween(at, until) > lateMs);
  const early = new Set(story.got.map(({ who }) => who));
  const wanted = inOrder(story.wanted.filter((page) => due.includes(page) || early.has(page.who)));
  const got = inOrder(story.got);
  assert.deepEqual(
    got.map(({ who }) => who),
    wanted.map(({ who }) => who),
    what,
  );
  for (const [index, page] of got.entries()) {
    const lateBy = msBetween(wanted[index]!.at, page.at);
    if (lateMs === 0) assert.equal(page.waiting, wanted[index]!.waiting, `${what}: ${page.who} waits`);
    assert.ok(lateBy >= 0 && lateBy <= lateMs, `${what}: ${page.who} came ${lateBy} ms late`);
  }
}

test("what pages people is what the simulator said, with answers, deaths between transactions and two workers", async () => {
  const w = await world();
  await using _loop = w.loop;
  await using _second = w.second;
  for (let seed = 1; seed <= POLICIES; seed++) await rehearse(w, seed);
});
