import type { UserId } from "../schedule/types.ts";

export interface Quality {
  /** 0 to 100. */
  total: number;
  /** Per cent of the time in which somebody is on call. */
  coverage: number;
  /** Per cent: how alike people's time on call is. */
  balance: number;
  /** Who has more than their share, and by how many per cent; the most burdened first. */
  overloaded: { user: UserId; percent: number }[];
  /** "Schedule is empty" when nobody is ever on call. */
  comment: string | null;
}

const BALANCED_FROM = 95;

/** To the even neighbour in the middle, so that scores agree with the source's. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/**
 * How good a schedule is, as Grafana OnCall's quality report scores it (`on_call_schedule.py`, `quality_report`):
 * balance is the mean, over all pairs of people, of the smaller share over the larger, and 95 % or more is 100; the
 * total is the mean of coverage and balance. `timeOf` holds milliseconds on call of those who are on call at all.
 */
export function quality(
  timeOf: ReadonlyMap<UserId, number>,
  { coveredMs, wholeMs }: { coveredMs: number; wholeMs: number },
): Quality {
  const times = [...timeOf].filter(([, ms]) => ms > 0);
  if (times.length === 0 || wholeMs <= 0)
    return { total: 0, coverage: 0, balance: 0, overloaded: [], comment: "Schedule is empty" };
  const coverage = Math.round((coveredMs / wholeMs) * 100);
  const balance = balanceOf(times.map(([, ms]) => ms));
  const average = times.reduce((sum, [, ms]) => sum + ms, 0) / times.length;
  const overloaded =
    balance === 100
      ? []
      : times
          .map(([user, ms]) => ({ user, percent: roundHalfEven((ms / average) * 100) - 100 }))
          .filter(({ percent }) => percent > 0)
          .sort((a, b) => b.percent - a.percent || (a.user < b.user ? -1 : 1));
  return { total: roundHalfEven((coverage + balance) / 2), coverage, balance, overloaded, comment: null };
}

/** Per cent; 100 for one person alone, and from 95 on. */
export function balanceOf(times: readonly number[]): number {
  const ratios = times.flatMap((a, i) => times.slice(i + 1).map((b) => ratio(a, b)));
  if (ratios.length === 0) return 100;
  const percent = (ratios.reduce((sum, each) => sum + each, 0) / ratios.length) * 100;
  return percent >= BALANCED_FROM ? 100 : Math.round(percent);
}

const ratio = (a: number, b: number): number => (Math.max(a, b) === 0 ? 1 : Math.min(a, b) / Math.max(a, b));
