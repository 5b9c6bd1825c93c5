/**
 * Who is on call: `node bench/schedule.ts [schedules]` (10,000 of four layers each). How long it takes to say it for all of
 * them for the first time, and again a minute later; and to work out a year of one final schedule.
 */
import { type OnCall, onCallAt } from "../src/oncall/schedule/on-call.ts";
import { shifts } from "../src/oncall/schedule/shifts.ts";
import type { LayerDefinition, Schedule, Weekday } from "../src/oncall/schedule/types.ts";

const SCHEDULES = Number(process.argv[2] ?? 10_000);
const RUNS = 5;
const ZONES = ["Europe/Paris", "America/Chicago", "Asia/Tokyo", "Australia/Lord_Howe", "UTC", "Asia/Kolkata"];
const WORKING: Weekday[] = ["mon", "tue", "wed", "thu", "fri"];
const at = Temporal.Instant.from("2026-11-23T10:00:00Z");

/** As teams have them: weeks for everybody, days beneath office hours, nights, and a layer in another zone. */
function schedule(n: number): Schedule {
  const people = Array.from({ length: 8 }, (_, i) => `person-${n}-${i}`);
  const layers: LayerDefinition[] = [
    { rotation: "weekly", starts: "2025-01-06T09:00", users: people },
    {
      rotation: "daily",
      starts: "2025-01-06T09:00",
      users: people.slice(0, 4),
      only: [{ days: WORKING, from: "09:00", to: "18:00" }],
    },
    {
      every: "12h",
      starts: "2025-01-06T20:00",
      users: people.slice(2),
      only: [{ from: "22:00", to: "06:00" }],
    },
    {
      rotation: "monthly",
      starts: "2025-01-31T08:00",
      time_zone: ZONES[(n + 1) % ZONES.length]!,
      users: people.slice(5),
      only: [{ days: ["sat", "sun"] }],
    },
  ];
  const days = (n % 5) * 24;
  return {
    versions: [{ from: null, definition: { time_zone: ZONES[n % ZONES.length]!, layers } }],
    overrides:
      n % 4 === 0
        ? [
            {
              kind: "replace-all",
              user: people[7]!,
              from: at.add({ hours: days }),
              to: at.add({ hours: days + 12 }),
            },
          ]
        : [],
  };
}

function timed<T>(work: () => T): { ms: number; result: T } {
  const began = performance.now();
  const result = work();
  return { ms: performance.now() - began, result };
}

const median = (figures: readonly number[]): number =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;
const shown = (figures: readonly number[]): string =>
  `${median(figures).toFixed(1)} ms median, ${Math.max(...figures).toFixed(1)} ms at most`;

const cold: number[] = [];
const warm: number[] = [];
const year: number[] = [];
for (let run = 0; run < RUNS; run++) {
  const all = Array.from({ length: SCHEDULES }, (_, n) => schedule(n));
  const ask = (moment: Temporal.Instant): OnCall[] => all.map((each) => onCallAt(each, moment));
  cold.push(timed(() => ask(at)).ms);
  warm.push(timed(() => ask(at.add({ minutes: 1 }))).ms);
  const one = schedule(run);
  year.push(timed(() => shifts(one, at, at.add({ hours: 366 * 24 }))).ms);
}
console.log(`${SCHEDULES} schedules of four layers, ${RUNS} runs`);
console.log(`who is on call, first      ${shown(cold)}`);
console.log(`the same a minute later    ${shown(warm)}`);
console.log(`a year of one schedule     ${shown(year)}`);
