import { resolveOverride } from "../../oncall/schedule/overrides.ts";
import { shifts } from "../../oncall/schedule/shifts.ts";
import type { Imported, ImportedSchedule, OnCallStretch } from "./report.ts";

export interface ComparedShift {
  schedule: string;
  time_zone: string;
  from: string;
  to: string;
  /** Who the source has on call, and who Keepwatch would have. */
  source: string[];
  keepwatch: string[];
  same: boolean;
}

interface Span {
  from: Temporal.Instant;
  to: Temporal.Instant;
}

/** Every schedule's shifts in the span, side by side with the source's own. */
export const compareShifts = (imported: Imported, span: Span): ComparedShift[] =>
  imported.schedules.flatMap((schedule) => compared(imported, schedule, span));

function compared({ document }: Imported, schedule: ImportedSchedule, span: Span): ComparedShift[] {
  const entry = document.schedules?.find(({ slug }) => slug === schedule.slug);
  if (!entry) return [];
  const { layers, overrides = [], time_zone = "UTC" } = entry;
  const rules = {
    versions: [{ from: null, definition: { time_zone, layers } }],
    overrides: overrides.map((override) => resolveOverride(override, time_zone)),
  };
  const ours = shifts(rules, span.from, span.to).items;
  const theirs = schedule.sourceShifts(span);
  const cuts = [
    ...theirs.map(({ from }) => from),
    ...ours.flatMap(({ from, to }) => [from.toString(), to.toString()]),
    span.to.toString(),
  ];
  const points = [...new Set(cuts)].map((text) => Temporal.Instant.from(text)).sort(Temporal.Instant.compare);
  const rows = points.slice(0, -1).map((from, i): ComparedShift => {
    const source = usersOf(theirs, from);
    const keepwatch = [...new Set(ours.filter((each) => holds(each, from)).map(({ user }) => user))].sort();
    const to = points[i + 1]!.toString();
    const same = source.join() === keepwatch.join();
    return { schedule: schedule.slug, time_zone, from: from.toString(), to, source, keepwatch, same };
  });
  return joined(rows);
}

const holds = ({ from, to }: Span, at: Temporal.Instant): boolean =>
  Temporal.Instant.compare(from, at) <= 0 && Temporal.Instant.compare(at, to) < 0;

const usersOf = (stretches: readonly OnCallStretch[], at: Temporal.Instant): string[] =>
  stretches.find(({ from, to }) =>
    holds({ from: Temporal.Instant.from(from), to: Temporal.Instant.from(to) }, at),
  )?.users ?? [];

function joined(rows: readonly ComparedShift[]): ComparedShift[] {
  const result: ComparedShift[] = [];
  for (const row of rows) {
    const last = result.at(-1);
    const like = (each: ComparedShift) => JSON.stringify([each.source, each.keepwatch]);
    if (last && like(last) === like(row)) last.to = row.to;
    else result.push({ ...row });
  }
  return result;
}
