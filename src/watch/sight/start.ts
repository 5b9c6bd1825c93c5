import { systemFiring, systemProblem, systemWell } from "../../alert/system.ts";
import { later } from "../../platform/clock.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Reference } from "./model.ts";
import { createSight, type SightKeeper, type SightOptions } from "./sight.ts";
import "../table.ts";

/** One alert, whatever is out of sight. */
const KEY = "sight";
/** A reference that has not answered for so long may be gone for good. */
const REMEMBERED_MS = 30 * 86_400_000;

export interface StartSightOptions {
  references: readonly Reference[];
  lookAgain: SightOptions["lookAgain"];
}

/** The prober's sight with its memory and its alert in the database. */
export async function startSight(
  platform: Platform,
  { references, lookAgain }: StartSightOptions,
): Promise<SightKeeper> {
  const { db, clock, log } = platform;
  const answered = await db
    .selectFrom("prober_references")
    .select("name")
    .where("answered_at", ">", later(clock.now(), -REMEMBERED_MS))
    .execute();
  return createSight({
    ...{ clock, log, references, lookAgain },
    answered: new Set(answered.map(({ name }) => name)),
    wasBlind: await systemFiring(db, KEY),
    tell: (words) => (words === null ? tellSight(platform) : tellBlind(platform, words)),
    remember(name) {
      const at = clock.now();
      db.insertInto("prober_references")
        .values({ name, answered_at: at })
        .onConflict((conflict) => conflict.column("name").doUpdateSet({ answered_at: at }))
        .execute()
        .catch((error: unknown) => log.warn({ error, name }, "a reference could not be remembered"));
    },
  });
}

const tellBlind = (platform: Platform, words: string): Promise<void> =>
  systemProblem(platform, {
    key: KEY,
    title: `Keepwatch can't see: ${words.replace(/:.*$/s, "")}`,
    reason: `${words}. Until this is over, failures that it explains count as unknown and page nobody.`,
    urgency: "high",
  });

const tellSight = (platform: Platform): Promise<void> =>
  systemWell(platform, KEY, "the references answer again");
