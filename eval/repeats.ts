/**
 * Whether failures that come back are known again: `npm run eval:repeats [-- FAULTS.json]`.
 * Breaks real servers as the list says, each fault several times over months of simulated time, looks at them with the
 * real checks, takes the alerts in by the one door there is, and asks what the product says of each incident. Prints how
 * many repeats were called the same, how often "the same" was right, and how often something was said of a failure that
 * had never been seen. Thresholds are chosen on half of the faults; the other half is reported beside it.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { countTerms, indexIncident } from "../src/learn/recall/documents.ts";
import type { Judged } from "../src/learn/recall/judge.ts";
import { recall } from "../src/learn/similar.ts";
import { randomFrom } from "../src/platform/random.ts";
import { testPlatform } from "../test/support/platform.ts";
import { ownPostgres } from "./support/database.ts";
import { drawn, type Fault, type FaultList, faultList } from "./support/faults.ts";
import { build, raise, recover, type Target } from "./support/rig.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** So long after the last alert it is asked again. */
const SETTLED_MS = 180_000;
const SEED = Number(process.env.SEED ?? 1);
const VERBOSE = process.env.VERBOSE !== undefined;
const random = randomFrom(SEED);

/** What the product said of one incident, and what was true. */
interface Outcome {
  fault: Fault;
  /** The fault had happened before. */
  repeat: boolean;
  said: Said[];
  /** What the first page carried, when only one alert was known. */
  paged: Said[];
}

interface Said {
  likeness: "same" | "alike";
  right: boolean;
}

const list = await readFaults(process.argv[2] ?? join(import.meta.dirname, "faults.json"));
await using _postgres = await ownPostgres();
const outcomes = await run({ shuffledIds: false });
const shuffled = await run({ shuffledIds: true });
print();

async function readFaults(path: string): Promise<FaultList> {
  const parsed = faultList.safeParse(JSON.parse(await readFile(path, "utf8")));
  if (parsed.success) return parsed.data;
  console.error(`${path} is no list of faults:`);
  for (const { path: at, message } of parsed.error.issues) console.error(`  ${at.join(".")}: ${message}`);
  process.exit(2);
}

/** All faults as often as they come, in an order of their own. */
function occurrences(): Fault[] {
  const all = list.faults.flatMap((fault) => Array.from({ length: fault.times }, () => fault));
  for (let at = all.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [all[at], all[other]] = [all[other] as Fault, all[at] as Fault];
  }
  return all;
}

async function run({ shuffledIds }: { shuffledIds: boolean }): Promise<Outcome[]> {
  await using t = await testPlatform({ at: "2026-01-05T08:00:00Z" });
  const targets = await build(t, list);
  const truth = new Map<string, string>();
  const outcomes: Outcome[] = [];
  try {
    const order = occurrences();
    for (const [turn, fault] of order.entries()) {
      t.clock.advance(Math.floor(HOUR_MS + random() * 3 * DAY_MS));
      if (random() < 0.1) rename(targets, turn);
      outcomes.push(await happen({ t, targets, fault, truth, shuffledIds }));
    }
  } finally {
    for (const target of targets.values()) await target.close();
  }
  return outcomes;
}

/** A monitor is called otherwise from now on; it stays the same monitor. */
function rename(targets: Map<string, Target>, turn: number): void {
  const all = [...targets.values()];
  const one = all[Math.floor(random() * all.length)];
  if (one) one.name = `${one.slug} (renamed ${turn})`;
}

async function happen({
  t,
  targets,
  fault,
  truth,
  shuffledIds,
}: {
  t: Awaited<ReturnType<typeof testPlatform>>;
  targets: Map<string, Target>;
  fault: Fault;
  truth: Map<string, string>;
  shuffledIds: boolean;
}): Promise<Outcome> {
  const { db } = t.platform;
  const broken = await breakIt(targets, fault);
  // As if another monitor had seen it: what identity rests on must then fall away.
  const seenAs = shuffledIds ? strangers([...targets.values()]) : undefined;
  const alerts = broken.map((target) => ({ ...target, id: seenAs?.get(target.id) ?? target.id }));
  const openOne = () =>
    db.selectFrom("incidents").select("id").where("status", "<>", "resolved").executeTakeFirstOrThrow();
  let paged: Judged[] = [];
  for (const [turn, target] of alerts.entries()) {
    await raise(t, target);
    if (turn === 0) paged = await recall(db, (await openOne()).id, t.clock.now());
    t.clock.advance(Math.floor(random() * 20_000));
  }
  t.clock.advance(SETTLED_MS);
  const { id } = await openOne();
  const judged = await recall(db, id, t.clock.now());
  for (const target of broken) await target.behave(null);
  for (const target of alerts) await recover(t, target);
  await indexIncident(db, { incidentId: id, at: t.clock.now() });
  await countTerms(db, t.clock.now());
  const repeat = [...truth.values()].includes(fault.id);
  truth.set(id, fault.id);
  const judge = ({ likeness, candidate }: Judged): Said => ({
    likeness,
    right: truth.get(candidate.incidentId) === fault.id,
  });
  const said = judged.map(judge);
  if (VERBOSE && !shuffledIds)
    for (const { likeness, why, candidate } of judged)
      if (truth.get(candidate.incidentId) !== fault.id || likeness !== "same" || !repeat)
        console.log(
          `  ${fault.id}${repeat ? "" : " (new)"}: ${likeness} ${truth.get(candidate.incidentId)}: ${why.join("; ")}`,
        );
  if (VERBOSE && !shuffledIds && repeat && !said.some(({ likeness, right }) => likeness === "same" && right))
    console.log(`  ${fault.id}: not recognised`);
  return { fault, repeat, said, paged: paged.map(judge) };
}

/** @returns what fails now, in the order in which it is noticed. */
async function breakIt(targets: Map<string, Target>, fault: Fault): Promise<Target[]> {
  const broken: Target[] = [];
  for (const [slug, effect] of Object.entries(fault.effects)) {
    const target = targets.get(slug);
    if (!target) throw new Error(`the fault ${fault.id} breaks ${slug}, which no service has`);
    await target.behave(drawn(effect, random));
    broken.push(target);
  }
  const { noise } = list;
  if (noise && random() < noise.share) {
    const others = [...targets.values()].filter(
      ({ slug, service }) => service.slug === fault.service && !(slug in fault.effects),
    );
    const other = others[Math.floor(random() * others.length)];
    if (other) {
      await other.behave(drawn(noise.effect, random));
      broken.push(other);
    }
  }
  return broken.sort(() => random() - 0.5);
}

function strangers(all: readonly Target[]): Map<string, string> {
  const ids = all.map(({ id }) => id);
  const mixed = ids.map((id) => ({ id, at: random() })).sort((a, b) => a.at - b.at);
  return new Map(ids.map((id, at) => [id, mixed[at]?.id ?? id]));
}

function print(): void {
  const services = new Set(list.faults.map(({ service }) => service)).size;
  const repeated = list.faults.filter(({ times }) => times > 1);
  const looks = list.faults.filter(({ like }) => like !== undefined).length;
  console.log(
    `${list.faults.length} faults of ${services} services (${repeated.length} of them come again, ${looks} look like another), seed ${SEED}`,
  );
  const classes = list.faults.map(({ id }) => id);
  const fitted = new Set(classes.filter((_, at) => at % 2 === 0));
  console.log("\n                             repeats    called the same    “the same”    said of what was");
  console.log("                                        by right           was right     never seen");
  row(
    "half that thresholds are set on",
    outcomes.filter(({ fault }) => fitted.has(fault.id)),
  );
  row(
    "the other half",
    outcomes.filter(({ fault }) => !fitted.has(fault.id)),
  );
  row("all", outcomes);
  row(
    "all, at the first page",
    outcomes.map((each) => ({ ...each, said: each.paged })),
  );
  row("all, monitors' ids shuffled", shuffled);
}

function row(name: string, some: readonly Outcome[]): void {
  const repeats = some.filter(({ repeat }) => repeat);
  const known = repeats.filter(({ said }) =>
    said.some(({ likeness, right }) => likeness === "same" && right),
  );
  const same = some.flatMap(({ said }) => said.filter(({ likeness }) => likeness === "same"));
  const right = same.filter((each) => each.right);
  const fresh = some.filter(({ repeat }) => !repeat);
  const spoken = fresh.filter(({ said }) => said.length > 0);
  const share = (part: number, whole: number) =>
    whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`;
  console.log(
    name.padEnd(32) +
      String(repeats.length).padEnd(8) +
      `${known.length} (${share(known.length, repeats.length)})`.padEnd(19) +
      `${right.length}/${same.length} (${share(right.length, same.length)})`.padEnd(20) +
      `${spoken.length}/${fresh.length} (${share(spoken.length, fresh.length)})`,
  );
}
