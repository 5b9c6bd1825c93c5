import { isDeepStrictEqual } from "node:util";
import type { Selectable } from "kysely";
import type { By } from "../org/actor.ts";
import { audit } from "../org/audit.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { isUniqueViolation } from "../platform/database/transaction.ts";
import { isId, newId } from "../platform/ids.ts";
import { missing, Refusal } from "../platform/refusal.ts";
import { openFields, publicFields, sealFields } from "../platform/sealed-fields.ts";
import type { Secrets } from "../platform/secrets.ts";
import { parseAddress } from "./address.ts";
import { findChannel } from "./channels/index.ts";
import type { ContactMethodJson } from "./schema.ts";
import type { ContactMethodTable } from "./table.ts";
import "../org/table.ts";

export type ContactMethodRow = Selectable<ContactMethodTable>;

/** A method that can carry a page now, as notification rules choose among them. */
export type UsableMethod = ContactMethodRow & { verified: true; disabled: false };

/** Who says that a method in the configuration is the person's: they can't be sent a code by a file. */
const BY_OPERATOR = "the operator, by configuration";

/** Methods of active people that are verified and not disabled, per person in the person's own order. */
export async function usableMethods(
  db: DbOrTx,
  personIds: readonly string[],
): Promise<Map<string, UsableMethod[]>> {
  if (personIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("contact_methods")
    .innerJoin("users", "users.id", "contact_methods.user_id")
    .selectAll("contact_methods")
    .where("user_id", "in", personIds)
    .where("users.deactivated_at", "is", null)
    .where("verified_at", "is not", null)
    .where("disabled_at", "is", null)
    .orderBy("position")
    .orderBy("contact_methods.created_at")
    .orderBy("contact_methods.id")
    .execute();
  const usable = rows.map((row): UsableMethod => ({ ...row, verified: true, disabled: false }));
  return Map.groupBy(usable, (row) => row.user_id);
}

/** Everything a person has, verified or not, in their order. */
export const methodsOf = (db: DbOrTx, userId: string): Promise<ContactMethodRow[]> =>
  db
    .selectFrom("contact_methods")
    .selectAll()
    .where("user_id", "=", userId)
    .orderBy("position")
    .orderBy("created_at")
    .orderBy("id")
    .execute();

/** One of a person's methods by id or slug; a refusal when there is none. */
export async function findMethod(
  db: DbOrTx,
  { userId, ref, lock = false }: { userId: string; ref: string; lock?: boolean },
): Promise<ContactMethodRow> {
  const found = await db
    .selectFrom("contact_methods")
    .selectAll()
    .where("user_id", "=", userId)
    .where(isId(ref) ? "id" : "slug", "=", ref)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
  if (!found) throw missing(`contact method "${ref}"`);
  return found;
}

/** `owner`: the person or an administrator, who see the address; anybody else sees that there is one. */
export function methodJson(
  row: ContactMethodRow,
  { secrets, owner }: { secrets: Secrets; owner: boolean },
): ContactMethodJson {
  const channel = findChannel(row.channel);
  return {
    id: row.id,
    slug: row.slug,
    channel: row.channel,
    destination: destinationOf(row, secrets),
    address: owner && channel ? publicFields(channel, row.address) : {},
    verified_at: row.verified_at?.toString() ?? null,
    verified_by: row.verified_by,
    disabled: row.disabled_at ? { at: row.disabled_at.toString(), reason: row.disabled_reason ?? "" } : null,
    managed_by: row.managed_by,
  };
}

/** Where a method leads, in a short text without secrets. */
export function destinationOf(row: Pick<ContactMethodRow, "channel" | "address">, secrets: Secrets): string {
  const channel = findChannel(row.channel);
  return channel ? channel.destination(openFields(channel, row.address, secrets)) : row.channel;
}

export interface NewContactMethod {
  userId: string;
  /** Made from the channel's name when it is not given: email, email-2, … */
  slug?: string;
  channel: string;
  address: Record<string, unknown>;
  /** Its place in the person's order; last when not given. */
  position?: number;
  /** How it is known already that it is the person's; without it a code has to be sent there. */
  verifiedBy?: string;
}

/** Adds a way to reach a person. From the configuration it counts as verified by the operator, and the audit says so. */
export async function addContactMethod(tx: Tx, by: By, input: NewContactMethod): Promise<ContactMethodRow> {
  const { channel, address } = parseAddress(input.channel, input.address);
  const others = await methodsOf(tx, input.userId);
  const verifiedBy = by.managedBy === "config" ? BY_OPERATOR : (input.verifiedBy ?? null);
  const insert = tx
    .insertInto("contact_methods")
    .values({
      id: newId(by.platform.clock),
      user_id: input.userId,
      slug: input.slug ?? freeSlug(input.channel, others),
      channel: input.channel,
      address: json(sealFields(channel, address, by.platform.secrets)),
      position: input.position ?? Math.max(-1, ...others.map((each) => each.position)) + 1,
      verified_at: verifiedBy ? by.at : null,
      verified_by: verifiedBy,
      managed_by: by.managedBy,
      created_at: by.at,
    })
    .returningAll();
  const row = await insert.executeTakeFirstOrThrow().catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error;
    const detail = `There is a contact method "${input.slug}" already. Choose another name.`;
    throw new Refusal("conflict", detail, { problems: [{ pointer: "/slug", detail }] });
  });
  await auditMethod(tx, by, row, { action: "created", after: auditable(row, by) });
  return row;
}

function freeSlug(channel: string, others: readonly ContactMethodRow[]): string {
  const taken = new Set(others.map((each) => each.slug));
  const first = channel.replaceAll("_", "-");
  let slug = first;
  for (let n = 2; taken.has(slug); n++) slug = `${first}-${n}`;
  return slug;
}

export interface ContactMethodChange {
  userId: string;
  ref: string;
  /** Secret fields that are left out stay as they are. */
  address: Record<string, unknown>;
  position?: number;
}

/** Leads a method elsewhere. Another address must be verified anew, unless the configuration says it. */
export async function changeContactMethod(
  tx: Tx,
  by: By,
  input: ContactMethodChange,
): Promise<ContactMethodRow> {
  const row = await findMethod(tx, { ...input, lock: true });
  refuseIfConfigured(by, row);
  const { secrets } = by.platform;
  const known = findChannel(row.channel);
  const kept = known ? openFields(known, row.address, secrets) : {};
  const keptSecrets = Object.fromEntries((known?.secrets ?? []).map((name) => [name, kept[name]]));
  const { channel, address } = parseAddress(row.channel, { ...keptSecrets, ...input.address });
  const same = isDeepStrictEqual(address, kept);
  const changed = await tx
    .updateTable("contact_methods")
    .set({
      ...(same ? {} : { address: json(sealFields(channel, address, secrets)) }),
      position: input.position ?? row.position,
      ...verifiedAfter(by, row, same),
      managed_by: by.managedBy === "config" ? "config" : row.managed_by,
    })
    .where("id", "=", row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await auditMethod(tx, by, changed, {
    action: "updated",
    before: auditable(row, by),
    after: { ...auditable(changed, by), address_changed: !same },
  });
  return changed;
}

const verifiedAfter = (by: By, row: ContactMethodRow, same: boolean) => {
  if (by.managedBy === "config")
    return { verified_at: (same && row.verified_at) || by.at, verified_by: BY_OPERATOR };
  return same
    ? { verified_at: row.verified_at, verified_by: row.verified_by }
    : { verified_at: null, verified_by: null, verification_code_hash: null, verification_expires_at: null };
};

/** What was to go out by it moves on to the person's next method when its time comes. */
export async function removeContactMethod(
  tx: Tx,
  by: By,
  input: { userId: string; ref: string },
): Promise<void> {
  const row = await findMethod(tx, { ...input, lock: true });
  refuseIfConfigured(by, row);
  await tx.deleteFrom("contact_methods").where("id", "=", row.id).execute();
  await auditMethod(tx, by, row, { action: "deleted", before: auditable(row, by) });
}

function refuseIfConfigured(by: By, row: ContactMethodRow): void {
  if (row.managed_by !== "config" || by.managedBy === "config") return;
  throw new Refusal(
    "conflict",
    `"${row.slug}" is kept in the configuration file. Change it there and apply it again.`,
  );
}

const auditable = (row: ContactMethodRow, by: By) => ({
  channel: row.channel,
  destination: destinationOf(row, by.platform.secrets),
  position: row.position,
  verified_by: row.verified_by,
});

/** An audit entry under the person's name, in the words of the change. */
export async function auditMethod(
  tx: Tx,
  by: By,
  row: ContactMethodRow,
  change: { action: string; before?: unknown; after?: unknown },
): Promise<void> {
  const owner = await tx
    .selectFrom("users")
    .select("name")
    .where("id", "=", row.user_id)
    .executeTakeFirstOrThrow();
  await audit(tx, by, {
    type: "contact_method",
    id: row.id,
    name: `${owner.name}: ${row.slug}`,
    ...change,
  });
}
