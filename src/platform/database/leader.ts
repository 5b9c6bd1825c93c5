import pg from "pg";
import { type Clock, later } from "../clock.ts";
import type { Log } from "../log.ts";

/** Advisory locks of this class: (7243, n). */
const CLASS = 7243;
const RETRY_MS = 1_000;

export interface LeaderOptions {
  url: string;
  /** Which duty, as the lock's second number. */
  duty: number;
  clock: Clock;
  log: Log;
  /** Called when this process has the duty; the returned function is called when it loses it or stops. */
  lead: () => Promise<() => Promise<void>>;
}

/**
 * One process of all has a duty at a time: whoever holds the session's advisory lock. A process that dies loses it with
 * its connection, and another has it within a second or so.
 */
export function electLeader(options: LeaderOptions): { leads(): boolean; stop(): Promise<void> } {
  const { url, duty, clock, log } = options;
  let stopped = false;
  let client: pg.Client | undefined;
  let abdicate: (() => Promise<void>) | undefined;
  let cancel = () => {};
  let trying: Promise<void> = Promise.resolve();

  async function attempt(): Promise<void> {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: "keepwatch leader",
      keepAlive: true,
    });
    fresh.on("error", () => {});
    await fresh.connect();
    const { rows } = await fresh.query<{ won: boolean }>("select pg_try_advisory_lock($1, $2) as won", [
      CLASS,
      duty,
    ]);
    if (!rows[0]?.won || stopped) return void (await fresh.end());
    client = fresh;
    fresh.on("end", () => void lost(fresh));
    await begin(fresh);
  }

  /** A duty that can't be taken up is given back with the lock, for another process or another try. */
  async function begin(held: pg.Client): Promise<void> {
    try {
      const layDown = await options.lead();
      if (client === held) abdicate = layDown;
      // Lost while it was being taken up: somebody else may have it by now.
      else await layDown();
    } catch (error) {
      if (client === held) client = undefined;
      await held.end().catch(() => {});
      throw error;
    }
  }

  async function lost(held: pg.Client): Promise<void> {
    if (client !== held) return;
    client = undefined;
    const last = abdicate;
    // Not taken up yet: `begin` sees that it is lost, and then asks again.
    if (!last) return;
    abdicate = undefined;
    await last().catch((error: unknown) => log.error({ error }, "could not lay down a duty"));
    if (!stopped) again();
  }

  function again(): void {
    cancel = clock.at(later(clock.now(), RETRY_MS), run);
  }

  function run(): void {
    trying = attempt()
      .catch((error: unknown) => log.warn({ error, duty }, "could not ask for a duty"))
      .then(() => {
        if (!client && !stopped) again();
      });
  }

  run();
  return {
    leads: () => abdicate !== undefined,
    async stop() {
      stopped = true;
      cancel();
      await trying;
      const last = abdicate;
      abdicate = undefined;
      await last?.();
      await client?.end();
    },
  };
}
