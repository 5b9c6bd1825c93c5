import { networkInterfaces } from "node:os";
import { type Clock, later } from "../../platform/clock.ts";
import type { Log } from "../../platform/log.ts";
import { createResolver, type Resolve } from "../../platform/net/resolver.ts";
import type { ProbeResult } from "../prober/prober.ts";
import type { MonitorStatus } from "../schema.ts";
import { askReference } from "./ask.ts";
import {
  contradicts,
  type Ground,
  groundsOf,
  type Outcome,
  type Reference,
  seeing,
  type Way,
  wayTo,
  withheld,
  witnesses,
} from "./model.ts";

/** Of whom a result is. */
export interface Subject {
  id: string;
  /** Name or address, as in the configuration; empty when it has none. */
  host: string;
  status: MonitorStatus;
}

export interface SightKeeper {
  /** The result as it counts: unknown when the failure could be ours and our references fail too. Never rejects. */
  review(subject: Subject, result: ProbeResult): Promise<ProbeResult>;
  stop(): void;
}

export interface SightOptions {
  clock: Clock;
  log: Log;
  references: readonly Reference[];
  /** We see nothing there, in words; null: we see everything again. Told again as long as it rejects. */
  tell(words: string | null): Promise<void>;
  /** Sight is back: these monitors' results were withheld. */
  lookAgain(monitorIds: readonly string[]): void;
  /** Names of references that have answered before this start: they count at once. */
  answered?: ReadonlySet<string>;
  /** A reference has answered for the first time. */
  remember?(name: string): void;
  /** It was told before this start that we see nothing, and not yet that this is over. */
  wasBlind?: boolean;
  ask?: (reference: Reference) => Promise<Outcome>;
  isOurs?: (address: string) => boolean;
  resolve?: Resolve;
}

const ASK_LIMIT_MS = 1_500;
/** Many fail at one time: so long the references' answers serve them all. */
const FRESH_MS = 1_000;
const BLIND_LOOK_MS = 5_000;
/** What a reference usually does must be known before it matters. */
const ROUTINE_MS = 10 * 60_000;

interface Look {
  atMs: number;
  answers: ReadonlyMap<Reference, Promise<Outcome>>;
}

const isInterface = (address: string): boolean =>
  Object.values(networkInterfaces()).some((each) => each?.some((one) => one.address === address));

/** Knows whether this prober sees: asks references when failures come, and withholds what may be our own failure. */
export function createSight(options: SightOptions): SightKeeper {
  const { clock, log, references, isOurs = isInterface } = options;
  const ask = options.ask ?? ((reference) => askReference(reference, ASK_LIMIT_MS));
  const resolve = options.resolve ?? createResolver();
  const nowMs = () => clock.now().epochMilliseconds;
  const counting = new Set(references.filter(({ chosen, name }) => chosen || options.answered?.has(name)));
  const blind = new Map<Ground, { sinceMs: number; words: string }>();
  const waiting = new Set<string>();
  let last: Look | null = null;
  let told: Promise<void> = Promise.resolve();
  let routine = false;
  let stopped = false;
  const cancels = new Set<() => void>();

  const after = (ms: number, run: () => void) => {
    if (stopped) return;
    const cancel = clock.at(later(clock.now(), ms), () => {
      cancels.delete(cancel);
      run();
    });
    cancels.add(cancel);
  };

  function look(): Look {
    if (last && nowMs() - last.atMs < FRESH_MS && nowMs() >= last.atMs) return last;
    const answers = new Map(references.map((reference) => [reference, ask(reference)]));
    for (const answer of answers.values()) void answer.then(count);
    last = { atMs: nowMs(), answers };
    return last;
  }

  function count({ reference, answer }: Outcome): void {
    if (answer !== "ok" || counting.has(reference)) return;
    counting.add(reference);
    options.remember?.(reference.name);
  }

  /** Waits for as many answers as it takes: the first good one is enough. */
  async function seen(grounds: readonly Ground[], { answers }: Look) {
    const outcomes: Outcome[] = [];
    const asked = (each: Reference) => answers.get(each) ?? [];
    for (const ground of grounds) {
      // One that didn't count so far does when it answers; its silence says nothing.
      const all = new Set([...witnesses(ground, references), ...witnesses(ground, [...counting])]);
      const good = [...all].flatMap(asked).map(async (each) => {
        if ((await each).answer !== "ok") throw new Error("not seen");
        return each;
      });
      const first = await Promise.any(good).catch(() => null);
      const heard = first ? [first] : witnesses(ground, [...counting]).flatMap(asked);
      outcomes.push(...(await Promise.all(heard)));
    }
    return seeing(grounds, outcomes);
  }

  const shown = () => [...blind.values()].map(({ words }) => words).join("; ");

  function tell(): void {
    const words = blind.size > 0 ? shown() : null;
    const send = async (): Promise<void> => {
      // Overtaken while the database was away.
      if (stopped || words !== (blind.size > 0 ? shown() : null)) return;
      try {
        await options.tell(words);
      } catch (error) {
        log.error({ error }, "that this prober sees nothing could not be told yet");
        after(BLIND_LOOK_MS, () => {
          told = told.then(send);
        });
      }
    };
    told = told.then(send);
  }

  function lose(ground: Ground, words: string): void {
    if (blind.has(ground)) return;
    log.warn({ ground, words }, "this prober sees nothing");
    blind.set(ground, { sinceMs: nowMs(), words });
    tell();
    if (blind.size === 1) after(BLIND_LOOK_MS, () => void lookWhileBlind());
  }

  function regain(ground: Ground): void {
    if (!blind.delete(ground)) return;
    log.info({ ground }, "this prober sees again");
    tell();
    if (blind.size > 0) return;
    const ids = [...waiting];
    waiting.clear();
    options.lookAgain(ids);
  }

  async function lookWhileBlind(): Promise<void> {
    for (const ground of [...blind.keys()]) if ((await seen([ground], look())).sees) regain(ground);
    if (blind.size > 0) after(BLIND_LOOK_MS, () => void lookWhileBlind());
  }

  /** Something answers that we thought out of sight: either we see again, or its witnesses are no good. */
  async function doubt(ground: Ground): Promise<void> {
    const sight = await seen([ground], look());
    if (!blind.has(ground)) return;
    if (!sight.sees) {
      for (const each of witnesses(ground, [...counting])) counting.delete(each);
      log.warn(
        { ground },
        "the references are silent while targets answer: they count no more until they answer",
      );
    }
    regain(ground);
  }

  async function wayOf({ host }: Subject, result: ProbeResult): Promise<Way | null> {
    const seenAt = result.evidence?.addresses?.at(-1);
    const way = wayTo(seenAt ?? host, isOurs);
    if (way !== null || result.status !== "up") return way;
    const [address] = await resolve(host).catch(() => []);
    return address === undefined ? null : wayTo(address, isOurs);
  }

  function keepRoutine(): void {
    look();
    after(ROUTINE_MS, keepRoutine);
  }

  /** Ends what an earlier start told of, once we see. */
  async function endOld(): Promise<void> {
    if (blind.size > 0) return;
    if ((await seen(["names", "private", "internet"], look())).sees) tell();
    else after(BLIND_LOOK_MS, () => void endOld());
  }
  if (options.wasBlind) void endOld();

  async function review(subject: Subject, result: ProbeResult): Promise<ProbeResult> {
    // Who watches only this machine asks nobody on any network.
    if (!routine && subject.host !== "" && wayTo(subject.host, isOurs) !== "here") {
      routine = true;
      keepRoutine();
    }
    if (result.status === "up" || result.status === "degraded") {
      if (blind.size === 0) return result;
      const way = await wayOf(subject, result);
      for (const [ground, { sinceMs }] of [...blind])
        if (way && result.at > sinceMs && contradicts(ground, way)) await doubt(ground);
      return result;
    }
    const grounds = groundsOf(result, await wayOf(subject, result));
    const known = grounds.find((ground) => blind.has(ground));
    if (grounds.length === 0 || (known === undefined && subject.status === "down")) return result;
    if (known === undefined) {
      const sight = await seen(grounds, look());
      if (sight.sees || stopped) return result;
      lose(sight.ground, sight.words);
    }
    waiting.add(subject.id);
    const lost = grounds.flatMap((ground) => blind.get(ground)?.words ?? [])[0];
    return lost === undefined ? result : withheld(result, lost);
  }

  return {
    async review(subject, result) {
      if (references.length === 0 || result.suspect !== null) return result;
      try {
        return await review(subject, result);
      } catch (error) {
        log.error({ error }, "a result could not be compared with the references");
        return result;
      }
    },
    stop() {
      stopped = true;
      for (const cancel of cancels) cancel();
    },
  };
}
