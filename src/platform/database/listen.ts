import pg from "pg";
import { type Clock, later } from "../clock.ts";
import type { Log } from "../log.ts";

/**
 * One LISTEN connection per process. It reconnects by itself; since notifications sent meanwhile are lost,
 * whoever must not miss one also looks at the tables in `onReconnect`.
 */
export interface Listener {
  /** Before `start`. */
  on(channel: string, hear: (payload: string) => void): void;
  onReconnect(look: () => void): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const RETRY_MS = 250;

export function createListener(options: { url: string; clock: Clock; log: Log }): Listener {
  const ears = new Map<string, ((payload: string) => void)[]>();
  const looks: (() => void)[] = [];
  let client: pg.Client | undefined;
  let stopped = false;
  let cancelRetry = () => {};

  async function connect(): Promise<void> {
    const fresh = new pg.Client({
      connectionString: options.url,
      application_name: "keepwatch listen",
      keepAlive: true,
    });
    fresh.on("error", () => {});
    fresh.on("end", () => {
      if (client === fresh) retry();
    });
    fresh.on("notification", ({ channel, payload }) => {
      for (const hear of ears.get(channel) ?? []) hear(payload ?? "");
    });
    await fresh.connect();
    for (const channel of ears.keys()) await fresh.query(`listen ${pg.escapeIdentifier(channel)}`);
    client = fresh;
  }

  function retry(): void {
    client = undefined;
    if (stopped) return;
    cancelRetry = options.clock.at(later(options.clock.now(), RETRY_MS), () => {
      connect().then(
        () => {
          options.log.info("listening to the database again");
          for (const look of looks) look();
        },
        () => retry(),
      );
    });
  }

  return {
    on(channel, hear) {
      if (client) throw new Error(`Say what to hear on ${channel} before the listener starts.`);
      ears.set(channel, [...(ears.get(channel) ?? []), hear]);
    },
    onReconnect: (look) => void looks.push(look),
    start: connect,
    async stop() {
      stopped = true;
      cancelRetry();
      const last = client;
      client = undefined;
      await last?.end().catch(() => {});
    },
  };
}
