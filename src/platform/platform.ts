import type { Clock } from "./clock.ts";
import type { Db } from "./database/database.ts";
import type { Due } from "./due/due.ts";
import type { Live } from "./live.ts";
import type { Log } from "./log.ts";
import type { Mail } from "./mail.ts";
import type { Metrics } from "./metrics.ts";
import type { Secrets } from "./secrets.ts";

/** What `main` makes once and hands to every folder. */
export interface Platform {
  db: Db;
  clock: Clock;
  log: Log;
  due: Due;
  live: Live;
  secrets: Secrets;
  mail: Mail;
  metrics: Metrics;
  /** How people reach Keepwatch, without a trailing slash. */
  url: string;
}
