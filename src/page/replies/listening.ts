import type { Clock } from "../../platform/clock.ts";
import { later, sleep } from "../../platform/clock.ts";
import { json } from "../../platform/database/tables.ts";
import type { Platform } from "../../platform/platform.ts";
import type { PageDeps } from "../engine.ts";
import { findProviderKind } from "../providers/index.ts";
import type { ListenContext } from "../providers/kind.ts";
import {
  type OpenProvider,
  openProvider,
  PROVIDERS_CHANGED,
  type ProviderRow,
} from "../providers/providers.ts";
import { answersFor } from "./receive.ts";

/** Between a failure to listen and the next try: doubling from the first to the last. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** An event that told of a change can be lost. */
const LOOK_MS = 30_000;
const REPLIES_KEPT_MS = 30 * 86_400_000;

export interface Listening {
  stop(): Promise<void>;
}

interface Ear {
  /** What it was begun with: another setting begins anew. */
  settings: string;
  abort: AbortController;
  ended: Promise<void>;
}

/** Hears the answers of every provider that has to be asked for them. One process of all does this at a time. */
export async function startListening(platform: Platform, deps: PageDeps): Promise<Listening> {
  const { db, live, log } = platform;
  const ears = new Map<string, Ear>();
  let looking: Promise<void> = Promise.resolve();
  let stopped = false;

  const look = () => {
    looking = looking
      .then(() => (stopped ? undefined : compare()))
      .catch((error: unknown) => log.error({ error }, "could not look at the providers"));
    return looking;
  };

  async function compare(): Promise<void> {
    const cutoff = later(platform.clock.now(), -REPLIES_KEPT_MS);
    await db.deleteFrom("replies").where("at", "<", cutoff).execute();
    const rows = await db.selectFrom("providers").selectAll().execute();
    const wanted = new Map(
      rows.filter((row) => findProviderKind(row.kind)?.listen).map((row) => [row.id, row] as const),
    );
    for (const [id, ear] of ears) {
      const row = wanted.get(id);
      if (row && JSON.stringify(row.settings) === ear.settings) continue;
      ears.delete(id);
      ear.abort.abort();
      await ear.ended;
    }
    for (const [id, row] of wanted) if (!ears.has(id)) begin(row);
  }

  function begin(row: ProviderRow): void {
    const provider = openProvider(row, platform.secrets);
    if (!provider) return;
    const abort = new AbortController();
    const ended = hear(platform, deps, { provider, signal: abort.signal });
    ears.set(row.id, { settings: JSON.stringify(row.settings), abort, ended });
  }

  const unsubscribe = live.subscribe((event) => {
    if (event.type === "installation" && event.id === PROVIDERS_CHANGED) void look();
  });
  const timer = setInterval(() => void look(), LOOK_MS);
  await look();
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      unsubscribe();
      await looking;
      for (const { abort } of ears.values()) abort.abort();
      await Promise.all([...ears.values()].map(({ ended }) => ended));
    },
  };
}

/** Listens, and begins again after each failure, until it is told to stop. */
async function hear(
  platform: Platform,
  deps: PageDeps,
  { provider, signal }: { provider: OpenProvider; signal: AbortSignal },
): Promise<void> {
  const kind = findProviderKind(provider.kind);
  let pauseMs = FIRST_PAUSE_MS;
  while (kind?.listen && !signal.aborted) {
    try {
      const context = await contextOf(platform, deps, {
        provider,
        signal,
        onWorks: () => (pauseMs = FIRST_PAUSE_MS),
      });
      await kind.listen(provider.settings, context);
      // The other side hung up: it is asked again, though not without a breath.
      await pause(FIRST_PAUSE_MS, signal);
    } catch (error) {
      if (signal.aborted) return;
      const why = error instanceof Error ? error.message : String(error);
      platform.log.warn({ provider: provider.slug, why }, "could not hear answers");
      await noteFailure(platform, provider, why).catch(() => {});
      await pause(pauseMs, signal);
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }
  }
}

async function contextOf(
  platform: Platform,
  deps: PageDeps,
  { provider, signal, onWorks }: { provider: OpenProvider; signal: AbortSignal; onWorks: () => void },
): Promise<ListenContext> {
  const { db, log } = platform;
  const clock: Clock = platform.clock;
  const row = await db
    .selectFrom("providers")
    .select("state")
    .where("id", "=", provider.id)
    .executeTakeFirst();
  let failing = true;
  return {
    signal,
    resolve: deps.resolve,
    guard: deps.guard,
    answers: answersFor(platform, { answer: deps.answer, providerId: provider.id }),
    now: () => clock.now(),
    pause: (ms) => sleep(clock, ms, signal),
    state: row?.state ?? {},
    passOver: (error) =>
      log.warn(
        { provider: provider.slug, error: error instanceof Error ? error.message : error },
        "passed over",
      ),
    async save(state) {
      await db
        .updateTable("providers")
        .set({ state: json(state) })
        .where("id", "=", provider.id)
        .execute();
    },
    async works() {
      onWorks();
      if (!failing) return;
      failing = false;
      await db
        .updateTable("providers")
        .set({ failing_since: null, failure: null })
        .where("id", "=", provider.id)
        .where("failing_since", "is not", null)
        .execute();
    },
  };
}

async function noteFailure(platform: Platform, provider: OpenProvider, why: string): Promise<void> {
  await platform.db
    .updateTable("providers")
    .set((eb) => ({
      failing_since: eb.fn.coalesce("failing_since", eb.val(platform.clock.now())),
      failure: why,
    }))
    .where("id", "=", provider.id)
    .execute();
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) return done();
    const timer = setTimeout(end, ms);
    function end() {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      done();
    }
    signal.addEventListener("abort", end, { once: true });
  });
