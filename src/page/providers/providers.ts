import { isDeepStrictEqual } from "node:util";
import type { Selectable } from "kysely";
import type { By } from "../../org/actor.ts";
import { audit } from "../../org/audit.ts";
import type { DbOrTx, Tx } from "../../platform/database/database.ts";
import { json } from "../../platform/database/tables.ts";
import { newId } from "../../platform/ids.ts";
import { didYouMean } from "../../platform/nearest.ts";
import { missing, Refusal } from "../../platform/refusal.ts";
import {
  type Fields,
  openFields,
  parseFields,
  publicFields,
  sealFields,
} from "../../platform/sealed-fields.ts";
import type { Secrets } from "../../platform/secrets.ts";
import { findProviderKind, providerKinds } from "./index.ts";
import type { AnyProviderKind } from "./kind.ts";
import type { ProviderKeeper, ProviderTable } from "./table.ts";
import "./table.ts";

export type ProviderRow = Selectable<ProviderTable>;

type Settings = Fields;

/** A provider as a channel sends through it: its settings in plain. */
export interface OpenProvider {
  id: string;
  slug: string;
  kind: string;
  settings: Settings;
}

/** Tells listening processes that the providers have changed. */
export const PROVIDERS_CHANGED = "providers";

/** Checks settings from outside. Each wrong field is named with its mend. */
export function parseSettings(
  kindId: string,
  settings: Settings,
): { kind: AnyProviderKind; settings: Settings } {
  const kind = findProviderKind(kindId);
  if (!kind) {
    const known = providerKinds.map(({ id }) => id);
    const detail = `There is no kind of provider "${kindId}".${didYouMean(kindId, known) || ` Use one of: ${known.join(", ")}.`}`;
    throw new Refusal("invalid", detail, { problems: [{ pointer: "/kind", detail }] });
  }
  return { kind, settings: parseFields(kind, settings, "/settings") };
}

/** All providers, those of one kind in the order in which they are tried. */
export const listProviders = (db: DbOrTx): Promise<ProviderRow[]> =>
  db.selectFrom("providers").selectAll().orderBy("position").orderBy("created_at").orderBy("id").execute();

export async function findProvider(db: DbOrTx, slug: string): Promise<ProviderRow> {
  const row = await db.selectFrom("providers").selectAll().where("slug", "=", slug).executeTakeFirst();
  if (!row) throw missing(`provider "${slug}"`);
  return row;
}

/** Providers of these kinds, in the order in which they are tried. */
export async function providersOf(db: DbOrTx, kinds: readonly string[]): Promise<ProviderRow[]> {
  if (kinds.length === 0) return [];
  return db
    .selectFrom("providers")
    .selectAll()
    .where("kind", "in", [...kinds])
    .orderBy("position")
    .orderBy("created_at")
    .orderBy("id")
    .execute();
}

/** The same with their settings in plain. */
export const openProviders = async (
  db: DbOrTx,
  secrets: Secrets,
  kinds: readonly string[],
): Promise<OpenProvider[]> =>
  (await providersOf(db, kinds)).flatMap((row) => openProvider(row, secrets) ?? []);

/** Undefined for a kind that this version does not have. */
export function openProvider(row: ProviderRow, secrets: Secrets): OpenProvider | undefined {
  const kind = findProviderKind(row.kind);
  if (!kind) return undefined;
  const { id, slug } = row;
  return { id, slug, kind: row.kind, settings: openFields(kind, row.settings, secrets) };
}

export interface WrittenProvider {
  slug: string;
  kind: string;
  /** Secret settings that are left out stay as they are. */
  settings: Settings;
  position?: number;
  keeper?: ProviderKeeper;
  /** These are all the settings there are: what is left out goes, secret or not. */
  exact?: boolean;
}

const KEPT_IN: Record<Exclude<ProviderKeeper, "ui">, string> = {
  config: "the configuration file. Change it there and apply it again",
  environment: "the environment that Keepwatch was started with. Change it there and start it again",
};

function refuseIfKept(row: ProviderRow, keeper: ProviderKeeper): void {
  if (row.managed_by === "ui" || row.managed_by === keeper) return;
  throw new Refusal("conflict", `"${row.slug}" is kept in ${KEPT_IN[row.managed_by]}.`);
}

/** Makes the provider of this slug, or makes it so. A kind never changes: another kind is another provider. */
export async function putProvider(tx: Tx, by: By, written: WrittenProvider): Promise<ProviderRow> {
  const keeper = written.keeper ?? by.managedBy;
  const row = await tx
    .selectFrom("providers")
    .selectAll()
    .where("slug", "=", written.slug)
    .forUpdate()
    .executeTakeFirst();
  if (row) refuseIfKept(row, keeper);
  if (row && row.kind !== written.kind)
    throw new Refusal(
      "conflict",
      `"${row.slug}" is of kind ${row.kind}. Remove it first, or choose another slug.`,
      {
        problems: [{ pointer: "/slug", detail: `"${row.slug}" is of kind ${row.kind} already` }],
      },
    );
  const changed = row
    ? await changeProvider(tx, by, { row, written, keeper })
    : await addProvider(tx, by, written);
  await by.platform.live.publish(tx, { type: "installation", id: PROVIDERS_CHANGED });
  return changed;
}

async function addProvider(tx: Tx, by: By, written: WrittenProvider): Promise<ProviderRow> {
  const { kind, settings } = parseSettings(written.kind, written.settings);
  const { last } = await tx
    .selectFrom("providers")
    .select((eb) => eb.fn.coalesce(eb.fn.max("position"), eb.val(-1)).as("last"))
    .executeTakeFirstOrThrow();
  const row = await tx
    .insertInto("providers")
    .values({
      id: newId(by.platform.clock),
      slug: written.slug,
      kind: kind.id,
      settings: json(sealFields(kind, settings, by.platform.secrets)),
      position: written.position ?? last + 1,
      managed_by: written.keeper ?? by.managedBy,
      created_at: by.at,
      updated_at: by.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await auditProvider(tx, by, row, { action: "created", after: auditable(kind, row) });
  return row;
}

async function changeProvider(
  tx: Tx,
  by: By,
  { row, written, keeper }: { row: ProviderRow; written: WrittenProvider; keeper: ProviderKeeper },
): Promise<ProviderRow> {
  const known = findProviderKind(row.kind);
  const kept = known ? openFields(known, row.settings, by.platform.secrets) : {};
  const stays = written.exact ? [] : (known?.secrets ?? []);
  const keptSecrets = Object.fromEntries(stays.map((name) => [name, kept[name]]));
  const { kind, settings } = parseSettings(row.kind, { ...keptSecrets, ...written.settings });
  const same = isDeepStrictEqual(settings, kept);
  const position = written.position ?? row.position;
  if (same && position === row.position && keeper === row.managed_by) return row;
  const changed = await tx
    .updateTable("providers")
    .set({
      ...(same ? {} : { settings: json(sealFields(kind, settings, by.platform.secrets)) }),
      position,
      managed_by: keeper,
      updated_at: by.at,
      failing_since: null,
      failure: null,
    })
    .where("id", "=", row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await auditProvider(tx, by, changed, {
    action: "updated",
    before: auditable(kind, row),
    after: { ...auditable(kind, changed), secrets_changed: !same },
  });
  return changed;
}

/** What was to go through it goes through the next provider of its kind, or moves on to people's next methods. */
export async function removeProvider(
  tx: Tx,
  by: By,
  { slug, keeper = by.managedBy }: { slug: string; keeper?: ProviderKeeper },
): Promise<void> {
  const row = await findProvider(tx, slug);
  refuseIfKept(row, keeper);
  await tx.deleteFrom("providers").where("id", "=", row.id).execute();
  const kind = findProviderKind(row.kind);
  await auditProvider(tx, by, row, {
    action: "deleted",
    before: kind ? auditable(kind, row) : { kind: row.kind },
  });
  await by.platform.live.publish(tx, { type: "installation", id: PROVIDERS_CHANGED });
}

const auditable = (kind: AnyProviderKind, row: ProviderRow) => ({
  kind: row.kind,
  position: row.position,
  ...publicFields(kind, row.settings),
});

const auditProvider = (
  tx: Tx,
  by: By,
  row: ProviderRow,
  change: { action: string; before?: unknown; after?: unknown },
): Promise<void> => audit(tx, by, { type: "provider", id: row.id, name: row.slug, ...change });

/**
 * Providers that the environment names: `KEEPWATCH_TELEGRAM_TOKEN` makes one called `telegram`. Gone with their
 * variables. What the installation makes for itself is made once and stays.
 */
export async function keepEnvironmentProviders(
  tx: Tx,
  by: By,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  for (const kind of providerKinds) {
    const settings = Object.fromEntries(
      Object.entries(kind.environment).flatMap(([name, variable]) => {
        const value = variables[variable]?.trim();
        return value ? [[name, value]] : [];
      }),
    );
    const there = await tx
      .selectFrom("providers")
      .select("slug")
      .where("kind", "=", kind.id)
      .where("managed_by", "=", "environment")
      .execute();
    if (Object.keys(settings).length > 0)
      await putProvider(tx, by, { slug: kind.id, kind: kind.id, settings, keeper: "environment" });
    else if (kind.make) {
      if (there.length === 0)
        await putProvider(tx, by, {
          slug: kind.id.replaceAll("_", "-"),
          kind: kind.id,
          settings: kind.make(),
          keeper: "environment",
        });
    } else for (const { slug } of there) await removeProvider(tx, by, { slug, keeper: "environment" });
  }
}
