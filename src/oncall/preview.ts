import type { z } from "zod";
import type { Actor } from "../org/actor.ts";
import { must } from "../org/can.ts";
import { isBefore } from "../platform/clock.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { readDefinition } from "./definition.ts";
import { inOrder } from "./on-call.ts";
import { peopleById } from "./people.ts";
import { type ChangedShift, changedShifts } from "./schedule/changes.ts";
import type { Schedule } from "./schedule/types.ts";
import { withVersion } from "./schedule/versions.ts";
import { readRange, shiftsJson } from "./schedule-json.ts";
import { patchedDefinition, scheduleResource } from "./schedules.ts";
import type { preview, previewed } from "./schema.ts";
import { scheduleBySlug } from "./stored.ts";

export type PreviewJson = z.output<typeof previewed>;

/** What layers would mean: their shifts, and for an edit of a schedule also whose shifts change. Saves nothing. */
export async function previewSchedule(
  db: DbOrTx,
  viewer: Actor,
  { input, now }: { input: z.output<typeof preview>; now: Temporal.Instant },
): Promise<PreviewJson> {
  const { before, after } = await edited(db, viewer, { input, now });
  const range = readRange(input, { timeZone: input.time_zone, now });
  const { items, gaps } = await shiftsJson(db, after, { ...range, layers: false });
  const newest = after.versions.at(-1)!;
  const alone = await shiftsJson(db, { ...after, versions: [newest] }, { ...range, layers: true });
  const changes = before ? changedShifts(before, after, range) : [];
  return {
    items,
    gaps,
    layers: alone.layers ?? [],
    layers_from: newest.from && isBefore(now, newest.from) ? newest.from.toString() : null,
    changes: await changesJson(db, changes),
  };
}

/** The rules before (null for a new schedule) and after, were the layers saved now. */
async function edited(
  db: DbOrTx,
  viewer: Actor,
  { input, now }: { input: z.output<typeof preview>; now: Temporal.Instant },
): Promise<{ before: Schedule | null; after: Schedule }> {
  if (input.schedule === undefined) {
    const { time_zone, layers } = input;
    const definition = await readDefinition(db, { time_zone, layers });
    return { before: null, after: { versions: [{ from: null, definition }], overrides: [] } };
  }
  const stored = await scheduleBySlug(db, input.schedule, { at: now });
  must(viewer, "read", scheduleResource(stored.team?.id ?? null));
  const definition = await patchedDefinition(db, stored, input);
  return { before: stored.rules, after: withVersion(stored.rules, definition, now) };
}

async function changesJson(db: DbOrTx, changes: readonly ChangedShift[]): Promise<PreviewJson["changes"]> {
  const people = await peopleById(
    db,
    changes.flatMap((change) => [...change.before, ...change.after]),
  );
  const emails = (ids: readonly string[]) => inOrder(ids, people).map((person) => person.email);
  return changes.map(({ from, to, before, after }) => ({
    from: from.toString(),
    to: to.toString(),
    before: emails(before),
    after: emails(after),
  }));
}
