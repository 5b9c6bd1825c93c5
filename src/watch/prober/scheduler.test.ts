import assert from "node:assert/strict";
import { test } from "node:test";
import { nextDue } from "../grid.ts";
import type { Gap, Occasion, ProbeTarget } from "./protocol.ts";
import { Scheduler, type SchedulerTime } from "./scheduler.ts";

const START_WALL = 1_800_000_000_000;

/** Time that moves only when told, with the three clocks that a machine has. */
class World implements SchedulerTime {
  mono = 5_000;
  offset = START_WALL - 5_000;
  asleep = 0;
  #timers: { at: number; run: () => void }[] = [];

  monotonicMs = () => this.mono;
  wallMs = () => this.mono + this.offset;
  bootMs = () => this.mono + this.asleep;
  after = (ms: number, run: () => void) => {
    const timer = { at: this.mono + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  };

  /** The machine sleeps: the monotonic clock stands still. */
  sleep(ms: number): void {
    this.offset += ms;
    this.asleep += ms;
  }

  /** Moves both clocks on; each timer fires at its time and what it started settles. */
  async advance(ms: number): Promise<void> {
    const end = this.mono + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.mono = Math.max(this.mono, next.at);
      next.run();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.mono = end;
  }
}

interface Ran {
  id: string;
  occasion: Occasion;
  /** Epoch ms. */
  at: number;
}

function scheduling({
  takesMs = () => 10,
  total = 64,
  perHost = 4,
}: {
  takesMs?: (id: string) => number;
  total?: number;
  perHost?: number;
} = {}) {
  const world = new World();
  const ran: Ran[] = [];
  const reported: string[] = [];
  const gaps: Gap[] = [];
  const scheduler = new Scheduler({
    time: world,
    limits: { total, perHost },
    hostOf: ({ config }) => String(config),
    onGap: (gap) => gaps.push(gap),
    run: async ({ id }, occasion, isCurrent) => {
      ran.push({ id, occasion, at: world.wallMs() });
      await new Promise<void>((resolve) => world.after(takesMs(id), resolve));
      if (isCurrent()) reported.push(id);
    },
  });
  return { world, ran, reported, gaps, scheduler };
}

const target = (id: string, more: Partial<ProbeTarget> = {}): ProbeTarget => ({
  id,
  kind: "http",
  config: id,
  everyMs: 60_000,
  timeoutMs: 10_000,
  ...more,
});

test("a monitor is checked on its grid, to the millisecond, however long the checks take", async () => {
  const { world, ran, scheduler } = scheduling({ takesMs: () => 7_000 });
  scheduler.set(target("a"));
  await world.advance(600_000);
  const first = nextDue("a", 60_000, START_WALL);
  assert.deepEqual(
    ran.map(({ at }) => at),
    Array.from({ length: 10 }, (_, i) => first + i * 60_000),
  );
  assert.deepEqual(scheduler.coverage, { planned: 10, onTime: 10, late: 0, skipped: 0 });
});

test("a thousand monitors are spread over the minute and all on time", async () => {
  const { world, ran, scheduler } = scheduling();
  for (let i = 0; i < 1_000; i++) scheduler.set(target(`m${i}`));
  await world.advance(60_000);
  assert.equal(new Set(ran.map(({ id }) => id)).size, 1_000);
  assert.deepEqual(scheduler.coverage, { planned: 1_000, onTime: 1_000, late: 0, skipped: 0 });
});

test("a second look comes when asked for, beside the grid, and the earliest wish counts", async () => {
  const { world, ran, scheduler } = scheduling();
  scheduler.set(target("a"));
  const due = nextDue("a", 60_000, START_WALL) - START_WALL;
  await world.advance(due + 20);
  scheduler.recheckAt("a", world.mono + 4_000);
  scheduler.recheckAt("a", world.mono + 1_000);
  scheduler.recheckAt("a", world.mono + 2_000);
  await world.advance(50_000);
  assert.deepEqual(
    ran.map(({ occasion }) => occasion),
    ["due", "recheck"],
  );
  assert.equal((ran[1]?.at ?? 0) - (ran[0]?.at ?? 0), 1_020);
  assert.equal(scheduler.coverage.planned, 1, "second looks were not planned");
});

test("a removed monitor is not checked again, and its check under way is not reported", async () => {
  const { world, ran, reported, scheduler } = scheduling({ takesMs: () => 1_000 });
  scheduler.set(target("a"));
  await world.advance(nextDue("a", 60_000, START_WALL) - START_WALL);
  scheduler.remove("a");
  await world.advance(200_000);
  assert.deepEqual([ran.length, reported.length], [1, 0]);
});

test("an edited monitor keeps its grid and the second look it waits for, and drops what the old one saw", async () => {
  const { world, ran, reported, scheduler } = scheduling({ takesMs: () => 1_000 });
  scheduler.set(target("a"));
  const due = nextDue("a", 60_000, START_WALL);
  await world.advance(due - START_WALL);
  scheduler.recheckAt("a", world.mono + 5_000);
  scheduler.set(target("a", { config: "other" }));
  await world.advance(60_000 + 2_000);
  assert.deepEqual(
    ran.map(({ at }) => at - due),
    [0, 5_000, 60_000],
  );
  assert.equal(reported.length, 2);
});

test("one host gets four checks at a time, another isn't kept waiting by it", async () => {
  const { world, ran, scheduler } = scheduling({ takesMs: () => 1_000, perHost: 4 });
  for (let i = 0; i < 12; i++) scheduler.checkNow(target(`x${i}`, { config: "slow.test" }));
  scheduler.checkNow(target("y", { config: "other.test" }));
  await world.advance(0);
  assert.deepEqual(
    ran.map(({ id }) => id),
    ["x0", "x1", "x2", "x3", "y"],
  );
  await world.advance(3_000);
  assert.equal(ran.length, 13);
});

test("checks that hang make room, so that an outage of many doesn't delay the rest", async () => {
  const { world, ran, scheduler } = scheduling({
    takesMs: (id) => (id.startsWith("hung") ? 10_000 : 10),
    total: 8,
  });
  for (let i = 0; i < 40; i++) scheduler.checkNow(target(`hung${i}`));
  scheduler.checkNow(target("fine"));
  await world.advance(499);
  assert.equal(ran.length, 8);
  await world.advance(2_600);
  assert.ok(
    ran.some(({ id }) => id === "fine"),
    `${ran.length} begun`,
  );
});

test("second looks go before what is merely due", async () => {
  const { world, ran, scheduler } = scheduling({ takesMs: () => 100, total: 1 });
  for (const id of ["a", "b", "c"]) scheduler.set(target(id, { everyMs: 1_000_000_000 }));
  scheduler.checkNow(target("first"));
  scheduler.checkNow(target("second"));
  scheduler.recheckAt("c", world.mono);
  await world.advance(1_000);
  assert.deepEqual(
    ran.map(({ id }) => id),
    ["first", "second", "c"],
  );
});

test("a due time that finds the check before still waiting for its target is no fault of ours", async () => {
  const { world, ran, scheduler } = scheduling({ takesMs: () => 9_500 });
  scheduler.set(target("a", { everyMs: 5_000 }));
  await world.advance(30_000);
  assert.equal(ran.length, 3);
  assert.deepEqual(scheduler.coverage, { planned: 3, onTime: 3, late: 0, skipped: 0 });
});

test("a due time that finds the check before still waiting for its turn is skipped, and counted", async () => {
  const { world, scheduler } = scheduling({ takesMs: () => 20_000, perHost: 1 });
  scheduler.set(target("a", { everyMs: 5_000, config: "one" }));
  scheduler.set(target("b", { everyMs: 5_000, config: "one" }));
  await world.advance(30_000);
  const { planned, onTime, late, skipped } = scheduler.coverage;
  assert.ok(late > 0 && skipped > 0);
  assert.ok(planned >= onTime + late + skipped && planned <= onTime + late + skipped + 1);
});

test("while this thread was held up, what fell due meanwhile is skipped and counted, and the grid stays", async () => {
  const { world, ran, scheduler } = scheduling();
  scheduler.set(target("a", { everyMs: 1_000 }));
  const due = nextDue("a", 1_000, START_WALL) - START_WALL;
  await world.advance(due);
  world.mono += 3_500;
  await world.advance(0);
  await world.advance(600);
  assert.deepEqual(
    ran.map(({ at }) => at - START_WALL - due),
    [0, 3_500, 4_000],
  );
  assert.deepEqual(scheduler.coverage, { planned: 5, onTime: 2, late: 1, skipped: 2 });
});

test("after a suspend the grid is found again and nothing that fell in it was planned", async () => {
  const { world, ran, gaps, scheduler } = scheduling();
  scheduler.set(target("a"));
  await world.advance(180_000);
  const before = ran.length;
  world.sleep(3_600_000);
  await world.advance(60_000);
  assert.deepEqual(gaps, [{ jumpedMs: 3_600_000, sleptMs: 3_600_000, stalledMs: 0 }]);
  assert.equal(ran.length, before + 1);
  assert.equal(
    ran.at(-1)?.at,
    nextDue("a", 60_000, (ran.at(-1)?.at ?? 0) - 1),
    "on the grid of the new time",
  );
  assert.equal(scheduler.coverage.skipped, 0);
  assert.equal(scheduler.timeline.jumpedSince(world.mono - 60_000), true);
  assert.equal(scheduler.timeline.jumpedSince(world.mono), false);
});

test("each monitor's own planned and performed checks add up to those of all, also when one is set anew", async () => {
  const { world, scheduler } = scheduling({
    takesMs: (id) => (id === "slow" ? 100_000 : 10),
    total: 1,
    perHost: 1,
  });
  for (const id of ["a", "b", "slow"]) scheduler.set(target(id));
  await world.advance(200_000);
  scheduler.set(target("a", { timeoutMs: 1_000 }));
  await world.advance(400_000);
  const each = scheduler.coverageByMonitor().map(([, coverage]) => coverage);
  const sum = (what: "planned" | "onTime" | "late" | "skipped") =>
    each.reduce((all, one) => all + one[what], 0);
  assert.deepEqual(scheduler.coverage, {
    ...{ planned: sum("planned"), onTime: sum("onTime"), late: sum("late"), skipped: sum("skipped") },
  });
  assert.ok(each.every(({ planned }) => planned > 3));
  scheduler.remove("a");
  assert.equal(scheduler.coverageByMonitor().length, 2);
});

test("a clock set forward by an hour is no sleep: nothing was missed", async () => {
  const { world, ran, gaps, scheduler } = scheduling();
  scheduler.set(target("hourly", { everyMs: 3_600_000 }));
  await world.advance(10_000);
  world.offset += 3_600_000;
  await world.advance(31_000);
  assert.deepEqual(gaps, [{ jumpedMs: 3_600_000, sleptMs: 0, stalledMs: 0 }]);
  assert.ok(ran.length <= 1);
  assert.equal(scheduler.coverage.skipped, 0);
});

test("what was missed in a sleep or a standstill is made good over half a minute, not at once", async () => {
  for (const way of ["sleep", "stall"] as const) {
    const { world, ran, gaps, scheduler } = scheduling({ total: 1_000 });
    for (let i = 0; i < 300; i++) {
      scheduler.set(target(`often ${i}`, { everyMs: 20_000 }));
      scheduler.set(target(`daily ${i}`, { everyMs: 86_400_000 }));
    }
    await world.advance(1_000);
    const before = { ran: ran.length, planned: scheduler.coverage.planned };
    if (way === "sleep") world.sleep(86_400_000);
    else world.mono += 86_400_000;
    await world.advance(31_000);
    assert.equal(gaps.length, 1);
    const gone = way === "sleep" ? gaps[0]?.sleptMs : gaps[0]?.stalledMs;
    assert.ok((gone ?? 0) > 86_300_000, way);
    const since = ran.slice(before.ran);
    const daily = new Set(since.filter(({ id }) => id.startsWith("daily")).map(({ id }) => id));
    assert.equal(daily.size, 300, "each of them was seen once more");
    const seconds = Map.groupBy(since, ({ at }) => Math.floor(at / 1_000));
    const most = Math.max(...[...seconds.values()].map((each) => each.length));
    assert.ok(most < 60, `${most} in one second`);
    const { planned, skipped } = scheduler.coverage;
    if (way === "sleep") assert.equal(skipped, 0, "nobody could have run them");
    else
      assert.equal(
        skipped > 300 * 4_320 && planned - before.planned >= skipped,
        true,
        "they were ours to run",
      );
  }
});

test("a clock set back by an hour doesn't stop the checks for an hour", async () => {
  const { world, ran, scheduler } = scheduling();
  scheduler.set(target("a"));
  await world.advance(120_000);
  const before = ran.length;
  world.offset -= 3_600_000;
  await world.advance(120_000);
  assert.equal(ran.length, before + 2);
});

test("a clock pulled back by a little makes no due time come twice", async () => {
  const { world, ran, gaps, scheduler } = scheduling();
  scheduler.set(target("a", { everyMs: 1_000 }));
  for (let i = 0; i < 200; i++) {
    await world.advance(50);
    world.offset -= i % 2 ? 3 : -2;
  }
  assert.deepEqual(gaps, []);
  assert.ok(ran.length >= 9 && ran.length <= 11, `${ran.length}`);
  for (const [i, { at }] of ran.slice(1).entries()) assert.ok(at - (ran[i]?.at ?? 0) > 900);
});
