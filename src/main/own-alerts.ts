import { SYSTEM_SOURCE, systemProblem, systemWell } from "../alert/system.ts";
import { later } from "../platform/clock.ts";
import type { Job } from "../platform/due/due.ts";
import type { Part } from "../platform/parts.ts";
import type { Platform } from "../platform/platform.ts";

/** Without these nobody is paged: when one dies, somebody must look at once. */
const PAGING = new Set(["deliver", "escalate", "intake"]);
const JOB = "job:";
const CONFIGURATION = "configuration";
const FALL = "fall";
/** So long without another fall, and it is over. */
const STEADY_MS = 10 * 60_000;
const MOST_LINES = 5;

/** What breaks in Keepwatch itself, as alerts. None of these throws: what can't be told is in the log. */
export interface OwnAlerts {
  /** What was wrong with the file at start; nothing when it was applied. */
  configured(problems: readonly string[]): void;
  /** The program before this one ended by an error that nobody caught. */
  fell(reason: string): void;
  partFailed(name: string, error: unknown): void;
  partWorks(name: string): void;
  jobDied(job: Job, error: string): void;
  /** When all that was told so far is in the inbox, or logged. */
  settled(): Promise<void>;
}

export function createOwnAlerts(platform: Platform): OwnAlerts {
  let last = Promise.resolve();
  // One after the other, so that "it works again" can't overtake "it failed".
  const tell = (what: () => Promise<void>): void => {
    last = last
      .then(what)
      .catch((error: unknown) =>
        platform.log.error({ error }, "a problem of Keepwatch could not be told of"),
      );
  };
  return {
    configured: (problems) =>
      tell(() =>
        problems.length === 0
          ? systemWell(platform, CONFIGURATION, "the configuration file was applied")
          : systemProblem(platform, {
              key: CONFIGURATION,
              title: "The configuration file could not be applied at start",
              reason: `What was applied last stays in force. ${firstLines(problems)}`,
              urgency: "low",
            }),
      ),
    fell(reason) {
      const title = "Keepwatch failed and started again";
      tell(() => systemProblem(platform, { key: FALL, title, reason, urgency: "low" }));
      platform.clock.at(later(platform.clock.now(), STEADY_MS), () =>
        tell(() => systemWell(platform, FALL, "it has run steadily since")),
      );
    },
    partFailed: (name, error) =>
      tell(() =>
        systemProblem(platform, {
          key: partKey(name),
          title: `Keepwatch's ${name} failed`,
          reason: error instanceof Error ? error.message : String(error),
          urgency: "low",
        }),
      ),
    partWorks: (name) => tell(() => systemWell(platform, partKey(name), "it works again")),
    jobDied(job, error) {
      // An alert about an alert of our own that can't be applied would fail in the same way, for ever.
      const ours = job.kind === "intake" && job.key.startsWith(`${SYSTEM_SOURCE.id}:`);
      if (ours) platform.log.error({ key: job.key, error }, "an alert about Keepwatch could not be applied");
      else tell(() => systemProblem(platform, deadJob(job, error)));
    },
    settled: () => last,
  };
}

/** One alert per kind: when a mail server is gone, a hundred jobs die of one cause. */
const deadJob = ({ kind, key, attempt }: Job, error: string) => ({
  key: `${JOB}${kind}`,
  title: `Keepwatch gave up a job of kind "${kind}"`,
  reason: `${error} (job ${key}, tried ${attempt} times)`,
  urgency: PAGING.has(kind) ? ("high" as const) : ("low" as const),
});

const partKey = (name: string): string => `part:${name}`;

function firstLines(problems: readonly string[]): string {
  const more = problems.length - MOST_LINES;
  return problems.slice(0, MOST_LINES).join("; ") + (more > 0 ? `; and ${more} more` : "");
}

/**
 * Ends the alert about dead jobs of a kind when none lies dead any more, or when somebody has resolved its incident:
 * a dead job doesn't recover by itself, and the next one to die must be told of anew.
 */
export function deadJobsPart(platform: Platform): Part {
  return { name: "look at dead jobs", everyMs: 60_000, limitMs: 20_000, run: () => endWhatIsOver(platform) };
}

async function endWhatIsOver(platform: Platform): Promise<void> {
  const { db } = platform;
  const firing = await db
    .selectFrom("alerts")
    .leftJoin("incidents", "incidents.id", "alerts.incident_id")
    .select(["alerts.dedup_key", "incidents.status as incident"])
    .where("alerts.source_id", "=", SYSTEM_SOURCE.id)
    .where("alerts.status", "=", "firing")
    .where("alerts.dedup_key", "like", `${JOB}%`)
    .execute();
  if (firing.length === 0) return;
  const dead = await db
    .selectFrom("due_jobs")
    .select("kind")
    .distinct()
    .where("dead_at", "is not", null)
    .execute();
  for (const { dedup_key, incident } of firing) {
    if (!dead.some(({ kind }) => `${JOB}${kind}` === dedup_key))
      await systemWell(platform, dedup_key, "no such job lies dead any more");
    else if (incident === "resolved") await systemWell(platform, dedup_key, "its incident was resolved");
  }
}
