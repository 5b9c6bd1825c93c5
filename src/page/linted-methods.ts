import type { DbOrTx } from "../platform/database/database.ts";
import { findChannel } from "./channels/index.ts";
import "./table.ts";

/** A contact method as it is judged by whether it can be relied on. */
export interface JudgedMethod {
  slug: string;
  channel: string;
  verified: boolean;
  disabled: boolean;
  wakes: boolean;
}

/** Every method of these people, verified or not, in their order. */
export async function judgedMethods(
  db: DbOrTx,
  userIds: readonly string[],
): Promise<Map<string, JudgedMethod[]>> {
  if (userIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("contact_methods")
    .select(["user_id", "slug", "channel", "verified_at", "disabled_at"])
    .where("user_id", "in", userIds)
    .orderBy("position")
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  return new Map(
    [...Map.groupBy(rows, (row) => row.user_id)].map(([id, methods]) => [
      id,
      methods.map(({ slug, channel, verified_at, disabled_at }) => ({
        ...{ slug, channel, verified: verified_at !== null, disabled: disabled_at !== null },
        wakes: findChannel(channel)?.wakes ?? false,
      })),
    ]),
  );
}
