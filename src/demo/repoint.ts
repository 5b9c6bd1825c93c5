import { sql } from "kysely";
import type { Db } from "../platform/database/database.ts";
import "../watch/table.ts";

/** The shop may listen on another port than at the last start: monitors that watch it follow. */
export async function repointShopMonitors(db: Db, shopUrl: string): Promise<void> {
  const origin = new URL(shopUrl).origin;
  await sql`
    update monitors
    set config = jsonb_set(config, '{url}', to_jsonb(regexp_replace(config->>'url', '^http://127\\.0\\.0\\.1:[0-9]+', ${origin})))
    where labels->>'sample_shop' = 'true' and config->>'url' not like ${`${origin}/%`}`.execute(db);
}
