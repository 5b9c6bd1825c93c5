import type { Selectable } from "kysely";
import type { Urgency } from "../../catalog/schema.ts";
import type { Db, DbOrTx } from "../../platform/database/database.ts";
import { formatDuration } from "../../platform/duration.ts";
import type { Platform } from "../../platform/platform.ts";
import { publicFields } from "../../platform/sealed-fields.ts";
import { hashToken } from "../../platform/secrets.ts";
import { findSource } from "../sources/index.ts";
import type { HomeService } from "./events.ts";
import type { IntegrationTable } from "./table.ts";
import "./table.ts";

/** An integration with what its events need to know of its service. */
export type Known = Selectable<IntegrationTable> & {
  service_urgency: Urgency | null;
  team: string | null;
  visibility: "company" | "team" | null;
};

export const selectKnown = (db: DbOrTx) =>
  db
    .selectFrom("integrations")
    .leftJoin("services", "services.id", "integrations.service_id")
    .selectAll("integrations")
    .select(["services.urgency as service_urgency", "services.team_id as team", "services.visibility"]);

/** The settings as anybody may see them: secret ones left out. */
export const shownSettings = ({ kind, settings }: Pick<Known, "kind" | "settings">) =>
  publicFields({ secrets: findSource(kind)?.secrets ?? [] }, settings);

/** After how long of hearing nothing an alert is resolved; null: never. */
export const silenceOf = ({ auto_resolve_ms }: Pick<Known, "auto_resolve_ms">): string | null =>
  auto_resolve_ms === null ? null : formatDuration(Number(auto_resolve_ms));

/** Keys are found by this; in whatever table they stand, they are no other token's. */
export const keyHash = (key: string): string => hashToken(`integration:${key}`);

/** The integrations of these key hashes, in their order; undefined where there is none. */
export async function integrationsByHash(
  { db }: Pick<Platform, "db">,
  hashes: readonly string[],
): Promise<(Known | undefined)[]> {
  const rows = await selectKnown(db)
    .where((eb) => eb("key_hash", "=", eb.fn.any(eb.val([...new Set(hashes)]))))
    .execute();
  const byHash = new Map(rows.map((row) => [row.key_hash, row]));
  return hashes.map((hash) => byHash.get(hash));
}

/** Services that events name, so far as the integration may speak of them: open to the company, or its own team's. */
export async function servicesNamed(
  db: Db,
  slugs: readonly string[],
  { team }: Pick<Known, "team">,
): Promise<Map<string, HomeService>> {
  if (slugs.length === 0) return new Map();
  const rows = await db
    .selectFrom("services")
    .select(["id", "slug", "urgency"])
    .where("slug", "in", [...new Set(slugs)])
    .where((eb) =>
      team === null
        ? eb("visibility", "=", "company")
        : eb.or([eb("visibility", "=", "company"), eb("team_id", "=", team)]),
    )
    .execute();
  return new Map(rows.map(({ slug, id, urgency }) => [slug, { id, urgency }]));
}
