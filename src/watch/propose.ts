import type { z } from "zod";
import { createService } from "../catalog/services.ts";
import type { By } from "../org/actor.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { nameOf, slugOf } from "./guess.ts";
import { kindById } from "./kinds/index.ts";
import { kindFields, type MonitorInput } from "./monitors.ts";
import { monitorCommon, type monitorCreate } from "./schema.ts";
import "./table.ts";

/**
 * Completes what a newcomer left out: a name and a slug from the address, and a service of the same name when none
 * is chosen. Whatever was given stays as it is.
 */
export async function proposeMonitor(
  tx: Tx,
  by: By,
  input: z.infer<typeof monitorCreate>,
): Promise<MonitorInput> {
  const fields = kindFields(input);
  const name = input.name ?? (nameOf(fields) || hostOf(input.kind, fields) || input.slug || "Monitor");
  const slug = input.slug ?? (await freeSlug(tx, "monitors", slugOf(name)));
  const service = input.service ?? (await serviceFor(tx, by, name));
  const common = monitorCommon.parse({ ...input, name, slug, service });
  return { ...common, fields };
}

/** Whom the checks would reach, for kinds that call it neither url nor host. */
function hostOf(kindId: string, fields: Record<string, unknown>): string {
  const kind = kindById(kindId);
  const config = kind?.schema.safeParse(fields);
  return kind && config?.success ? kind.host(config.data) : "";
}

async function serviceFor(tx: Tx, by: By, monitorName: string): Promise<string> {
  const name = monitorName.split("/")[0] || monitorName;
  const slug = await freeSlug(tx, "services", slugOf(name));
  await createService(tx, by, { slug, name });
  return slug;
}

/** The slug, or the slug with the first free number behind it. */
async function freeSlug(db: DbOrTx, table: "monitors" | "services", wanted: string): Promise<string> {
  const rows = await db.selectFrom(table).select("slug").where("slug", "like", `${wanted}%`).execute();
  const taken = new Set(rows.map((row) => row.slug));
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number++) {
    const slug = `${wanted}-${number}`;
    if (!taken.has(slug)) return slug;
  }
}
