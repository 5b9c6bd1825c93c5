import { systemFiring, systemProblem, systemWell } from "../alert/system.ts";
import { type Clock, later } from "../platform/clock.ts";
import type { Log } from "../platform/log.ts";
import type { Platform } from "../platform/platform.ts";
import {
  between,
  COVERAGE_WINDOW_MS,
  type Count,
  coverageWords,
  isThin,
  keptMarks,
  type Mark,
} from "./coverage.ts";

const KEY = "coverage";
const LOOK_MS = 15_000;

export interface CoverageWatchOptions {
  clock: Clock;
  log: Log;
  coverage(): Count;
  /** Too few checks ran on time, in words; null: enough do again. Told again as long as it rejects. */
  tell(words: string | null): Promise<void>;
  /** It was told before this start that too few run, and not yet that this is over. */
  wasThin?: boolean;
}

/** Looks every quarter of a minute at what the last five minutes planned and performed. The answer ends it. */
export function watchCoverage({
  clock,
  log,
  coverage,
  tell,
  wasThin = false,
}: CoverageWatchOptions): () => void {
  const mark = (): Mark => {
    const { planned, onTime } = coverage();
    return { at: clock.now().epochMilliseconds, planned, onTime };
  };
  let marks: readonly Mark[] = [mark()];
  let thin = wasThin;
  let telling = false;
  let cancel = () => {};

  async function look(): Promise<void> {
    marks = keptMarks([...marks, mark()], clock.now().epochMilliseconds);
    const seenMs = (marks.at(-1)?.at ?? 0) - (marks[0]?.at ?? 0);
    const count = between(marks);
    // That it is over takes a whole window; that it is bad does not.
    const now = isThin(count) || (thin && seenMs < COVERAGE_WINDOW_MS);
    if (now === thin || telling) return;
    telling = true;
    try {
      await tell(now ? coverageWords(count) : null);
      thin = now;
    } catch (error) {
      log.error({ error }, "how many checks ran could not be told yet");
    } finally {
      telling = false;
    }
  }

  const arm = () => {
    cancel = clock.at(later(clock.now(), LOOK_MS), () => {
      arm();
      void look();
    });
  };
  arm();
  return () => cancel();
}

/** The same with its alert in the database. */
export async function startCoverageWatch(platform: Platform, coverage: () => Count): Promise<() => void> {
  const { clock, log } = platform;
  return watchCoverage({
    ...{ clock, log, coverage },
    wasThin: await systemFiring(platform.db, KEY),
    tell: (words) =>
      words === null
        ? systemWell(platform, KEY, "the planned checks run on time again")
        : systemProblem(platform, {
            key: KEY,
            title: "Keepwatch doesn't make all its checks",
            reason: `${words} in the last 5 minutes; the machine may be too busy, or the prober was stopped`,
            urgency: "high",
          }),
  });
}
