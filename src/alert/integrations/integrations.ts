import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { findServiceBySlug } from "../../catalog/services.ts";
import type { By } from "../../org/actor.ts";
import { audit } from "../../org/audit.ts";
import { must } from "../../org/can.ts";
import type { DbOrTx, Tx } from "../../platform/database/database.ts";
import { json } from "../../platform/database/tables.ts";
import { isUniqueViolation } from "../../platform/database/transaction.ts";
import { parseDuration } from "../../platform/duration.ts";
import { newId } from "../../platform/ids.ts";
import { invalid, missing, Refusal } from "../../platform/refusal.ts";
import { openFields, parseFields, sealFields } from "../../platform/sealed-fields.ts";
import { receiveAll } from "../intake.ts";
import { findSource, noSuchKind } from "../sources/index.ts";
import type { AnySource } from "../sources/source.ts";
import { type Known, keyHash, selectKnown, shownSettings, silenceOf } from "./known.ts";
import { sourceOf } from "./not-understood.ts";
import { autoResolveLater } from "./said.ts";
import type { IntegrationCreate, IntegrationPatch } from "./schema.ts";
import "../table.ts";
import "./table.ts";

/** Fits PagerDuty's rule for the length of a routing key. */
export const newKey = (): string => randomBytes(16).toString("hex");

export type IntegrationRow = Known & { service: string | null };

export const resourceOf = ({ team, visibility }: Pick<Known, "team" | "visibility">) => ({
  type: "integration",
  team,
  visibility: visibility ?? ("company" as const),
});

export async function findIntegration(db: DbOrTx, slug: string): Promise<IntegrationRow> {
  const row = await selectKnown(db)
    .select("services.slug as service")
    .where("integrations.slug", "=", slug)
    .executeTakeFirst();
  if (!row) throw missing(`integration "${slug}"`);
  return row;
}

async function lockIntegration(tx: Tx, by: By, slug: string): Promise<IntegrationRow> {
  await tx.selectFrom("integrations").select("id").where("slug", "=", slug).forUpdate().execute();
  const row = await findIntegration(tx, slug);
  must(by.actor, "edit", resourceOf(row));
  return row;
}

/** The kind, with settings checked by its schema: each wrong one is named, with its mend. */
export function checkSettings(
  kind: string,
  settings: Readonly<Record<string, unknown>>,
): { source: AnySource; settings: Record<string, unknown> } {
  const source = findSource(kind);
  if (!source) throw invalid("/kind", noSuchKind(kind));
  return { source, settings: parseFields(source, settings, "/settings") };
}

const sealed = (by: By, source: AnySource, settings: Record<string, unknown>) =>
  json(sealFields(source, settings, by.platform.secrets));

/** The service that an integration is given, which whoever gives it must be allowed to change. */
async function serviceFor(tx: Tx, by: By, slug: string | null): Promise<string | null> {
  if (slug === null) {
    must(by.actor, "edit", { type: "integration", team: by.actor.teamScope });
    return null;
  }
  const service = await findServiceBySlug(tx, slug);
  if (!service) throw invalid("/service", `There is no service "${slug}".`);
  must(by.actor, "edit", { type: "service", team: service.team_id, visibility: service.visibility });
  return service.id;
}

const msOf = (duration: string | null): number | null => {
  if (duration === null) return null;
  const ms = parseDuration(duration);
  if (ms === undefined || ms < 1_000 || ms > 365 * 86_400_000)
    throw invalid("/auto_resolve_after", `"${duration}" is not a time between 1s and 365d.`);
  return ms;
};

/** Adds an integration. Answers with its key, which is not shown again. */
export async function createIntegration(
  tx: Tx,
  by: By,
  input: IntegrationCreate,
): Promise<{ id: string; key: string }> {
  const { source, settings } = checkSettings(input.kind, input.settings);
  const serviceId = await serviceFor(tx, by, input.service);
  const id = newId(by.platform.clock);
  const key = input.key ?? newKey();
  await refusingTaken(input.slug, () =>
    tx
      .insertInto("integrations")
      .values({
        ...{ id, slug: input.slug, name: input.name ?? input.slug, kind: source.kind, service_id: serviceId },
        ...sealedKey(by, key),
        settings: sealed(by, source, settings),
        ...{ severity: input.severity, urgency: input.urgency, severities: json(input.severities) },
        auto_resolve_ms: msOf(input.auto_resolve_after),
        rate_limit: input.rate_limit,
        paused_at: input.paused ? by.at : null,
        paused_by: input.paused ? by.actor.name : null,
        ...{ managed_by: by.managedBy, created_at: by.at, updated_at: by.at },
      })
      .execute(),
  );
  const row = await findIntegration(tx, input.slug);
  await tellChanged(tx, by, row, { action: "created", after: auditable(row) });
  return { id, key };
}

const sealedKey = (by: By, key: string) => ({
  key_hash: keyHash(key),
  key_sealed: by.platform.secrets.seal(key),
});

async function refusingTaken(slug: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (isUniqueViolation(error, "integrations_key_hash_key"))
      throw invalid("/key", "Another integration has this key. Leave it out, and one is made.");
    if (isUniqueViolation(error))
      throw new Refusal("conflict", `There is already an integration "${slug}". Choose another slug.`);
    throw error;
  }
}

/** Changes what is given. Secret settings that are left out stay. */
export async function updateIntegration(
  tx: Tx,
  by: By,
  { slug, ...patch }: IntegrationPatch & { slug: string },
): Promise<void> {
  const before = await lockIntegration(tx, by, slug);
  const serviceId = patch.service === undefined ? before.service_id : await serviceFor(tx, by, patch.service);
  const { source, settings } = checkSettings(before.kind, mergedSettings(by, before, patch.settings));
  const { name, severity, urgency, rate_limit } = patch;
  await tx
    .updateTable("integrations")
    .set({
      ...{ name, severity, urgency, rate_limit, service_id: serviceId, updated_at: by.at },
      ...(patch.settings && { settings: sealed(by, source, settings) }),
      ...(patch.severities && { severities: json(patch.severities) }),
      ...(patch.auto_resolve_after !== undefined && { auto_resolve_ms: msOf(patch.auto_resolve_after) }),
      ...(by.managedBy === "config" ? { managed_by: "config" as const } : {}),
    })
    .where("id", "=", before.id)
    .execute();
  const row = await findIntegration(tx, slug);
  if (row.auto_resolve_ms !== before.auto_resolve_ms) await lookSooner(tx, by, row);
  await tellChanged(tx, by, row, {
    action: "updated",
    before: auditable(before),
    after: {
      ...auditable(row),
      ...(patch.settings && { settings_changed: !isDeepStrictEqual(settings, openOf(by, before)) }),
    },
  });
}

const openOf = (by: By, row: Known): Record<string, unknown> => {
  const source = findSource(row.kind);
  return source ? openFields(source, row.settings, by.platform.secrets) : {};
};

function mergedSettings(by: By, row: Known, given: Readonly<Record<string, unknown>> | undefined) {
  const kept = openOf(by, row);
  if (!given) return kept;
  // What configuration says is all there is: a secret that is left out goes.
  if (by.managedBy === "config") return given;
  const secrets = findSource(row.kind)?.secrets ?? [];
  const stay = Object.fromEntries(Object.entries(kept).filter(([name]) => secrets.includes(name)));
  return { ...stay, ...given };
}

/** What fires already is judged by the new time of silence. */
async function lookSooner(tx: Tx, by: By, row: Known): Promise<void> {
  if (row.auto_resolve_ms === null) return;
  const firing = await tx
    .selectFrom("alerts")
    .select(["id", "last_at"])
    .where("source_id", "=", row.id)
    .where("status", "=", "firing")
    .execute();
  for (const alert of firing) await autoResolveLater(tx, by, { alert, afterMs: Number(row.auto_resolve_ms) });
}

/** Another key in place of the old one, which is refused from now on. */
export async function rotateKey(
  tx: Tx,
  by: By,
  { slug, key = newKey() }: { slug: string; key?: string },
): Promise<string> {
  const row = await lockIntegration(tx, by, slug);
  await refusingTaken(slug, () =>
    tx
      .updateTable("integrations")
      .set({ ...sealedKey(by, key), updated_at: by.at })
      .where("id", "=", row.id)
      .execute(),
  );
  await tellChanged(tx, by, row, { action: "rotated the key of" });
  return key;
}

/** Paused, it takes in nothing, and what fires is resolved with that reason. */
export async function pauseIntegration(
  tx: Tx,
  by: By,
  { slug, paused }: { slug: string; paused: boolean },
): Promise<void> {
  const row = await lockIntegration(tx, by, slug);
  if ((row.paused_at !== null) === paused) return;
  await tx
    .updateTable("integrations")
    .set({
      paused_at: paused ? by.at : null,
      paused_by: paused ? by.actor.name : null,
      updated_at: by.at,
      not_understood_since: null,
    })
    .where("id", "=", row.id)
    .execute();
  if (paused) await resolveAll(tx, by, row, `the integration was paused by ${by.actor.name}`);
  await tellChanged(tx, by, row, { action: paused ? "paused" : "resumed" });
}

/** Deletes it with what it received. What fires is resolved first, saying why. */
export async function deleteIntegration(tx: Tx, by: By, slug: string): Promise<void> {
  const row = await lockIntegration(tx, by, slug);
  await resolveAll(tx, by, row, `the integration was deleted by ${by.actor.name}`);
  await tx.deleteFrom("integrations").where("id", "=", row.id).execute();
  await tellChanged(tx, by, row, { action: "deleted", before: auditable(row) });
}

async function resolveAll(tx: Tx, by: By, row: Known, reason: string): Promise<void> {
  const firing = await tx
    .selectFrom("alerts")
    .select("dedup_key")
    .where("source_id", "=", row.id)
    .where("status", "=", "firing")
    .execute();
  const waiting = await tx
    .selectFrom("inbox_events")
    .select("dedup_key")
    .where("source_id", "=", row.id)
    .where("parked_at", "is", null)
    .execute();
  const event = { action: "resolve", source: sourceOf(row), reason, at: by.at.toString() } as const;
  const keys = new Set([...firing, ...waiting].map((each) => each.dedup_key));
  await receiveAll(
    tx,
    by,
    [...keys].map((dedupKey) => ({ dedupKey, event })),
  );
}

/** Neither key nor secret settings. */
function auditable(row: IntegrationRow) {
  const { name, kind, service, severity, urgency, severities, rate_limit } = row;
  return {
    ...{ name, kind, service, settings: shownSettings(row), severity, urgency, severities, rate_limit },
    auto_resolve_after: silenceOf(row),
  };
}

async function tellChanged(
  tx: Tx,
  by: By,
  row: Known,
  change: { action: string; before?: unknown; after?: unknown },
): Promise<void> {
  await audit(tx, by, { type: "integration", id: row.id, name: row.slug, ...change });
  const { team, visibility } = resourceOf(row);
  await by.platform.live.publish(tx, { type: "integration", id: row.id, team, visibility });
}
