import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { By } from "../../org/actor.ts";
import type { AnyChannel } from "../../page/channels/channel.ts";
import { channels, findChannel } from "../../page/channels/index.ts";
import {
  addContactMethod,
  changeContactMethod,
  methodsOf,
  removeContactMethod,
} from "../../page/contact-methods.ts";
import type { Tx } from "../../platform/database/database.ts";
import { openFields } from "../../platform/sealed-fields.ts";
import type { Secrets } from "../../platform/secrets.ts";
import type { contactMethodEntry } from "../document.ts";
import { describeIssue, type Found, unknownKey } from "../issues.ts";
import { hideSecrets, showSecrets } from "../secrets.ts";
import type { Entry } from "../section.ts";
import { refuseFound } from "./refusals.ts";

type Written = z.output<typeof contactMethodEntry>;

/** A contact method in canonical form: `{ slug, webhook: { url, secret: { $secret } } }`. */
export type MethodEntry = Entry & { slug: string };

const asEntry = (channel: AnyChannel, slug: string, address: Entry): MethodEntry => ({
  slug,
  [channel.id]: hideSecrets(
    address,
    channel.secrets.map((name) => `/${name}`),
  ),
});

/** The channel that an entry names, and its address in plain text. */
function addressOf({ slug: _, ...rest }: MethodEntry): { channel: string; address: Entry } {
  const [channel = "", address] = Object.entries(rest)[0] ?? [];
  return { channel, address: showSecrets(address as Entry) };
}

/** What one field says may stand for the whole address: `{ slug: mail, email: ada@example.com }`. */
const onlyField = (channel: AnyChannel): string | undefined =>
  channel.form.length === 1 ? channel.form[0]?.name : undefined;

/** The canonical form of what is written. Everything wrong is refused at once; paths are within the person's entry. */
export function canonicalMethods(written: readonly Written[]): MethodEntry[] {
  const found: Found[] = [];
  const methods = written.flatMap((method, index) => {
    const at = ["contact_methods", index];
    if (written.findIndex((each) => each.slug === method.slug) < index)
      found.push({ path: [...at, "slug"], message: `"${method.slug}" stands here twice` });
    const result = canonicalMethod(method);
    if ("slug" in result) return [result];
    found.push(...result.found.map(({ path, message }) => ({ path: [...at, ...path], message })));
    return [];
  });
  refuseFound(found);
  return methods;
}

function canonicalMethod({ slug, ...rest }: Written): MethodEntry | { found: Found[] } {
  const known = channels.map(({ id }) => id as string);
  const keys = Object.keys(rest);
  const unknown = keys.filter((key) => !known.includes(key));
  if (unknown.length > 0)
    return { found: unknown.map((key) => ({ path: [key], message: unknownKey(key, known) })) };
  const [id = ""] = keys;
  const channel = findChannel(id);
  if (!channel || keys.length > 1) {
    const message = `a contact method has exactly one channel beside its slug: ${known.join(" or ")}`;
    return { found: [{ path: [], message }] };
  }
  const value = rest[id];
  const field = onlyField(channel);
  const short = typeof value !== "object" && field !== undefined;
  const parsed = channel.parse(short ? { [field]: value } : (value ?? {}));
  if (parsed.success) return asEntry(channel, slug, parsed.data);
  return {
    found: parsed.error.issues.flatMap((issue) =>
      addressIssue(channel, issue).map(({ path, message }) => ({
        path: short ? [id] : [id, ...path],
        message,
      })),
    ),
  };
}

function addressIssue(channel: AnyChannel, issue: z.core.$ZodIssue): Found[] {
  if (issue.code !== "unrecognized_keys") return describeIssue(undefined, issue);
  const fields = channel.form.map(({ name }) => name);
  return issue.keys.map((key) => ({ path: [key], message: unknownKey(key, fields) }));
}

/** As it is written by hand. */
export function briefMethod(method: MethodEntry): Entry {
  const [id = "", address] = Object.entries(method).find(([key]) => key !== "slug") ?? [];
  const channel = findChannel(id);
  const field = channel && onlyField(channel);
  if (!field) return method;
  return { slug: method.slug, [id]: (address as Entry)[field] };
}

/** As it is stored; undefined for a channel that this program does not have. */
export function storedMethod(
  row: { slug: string; channel: string; address: Record<string, unknown> },
  secrets: Secrets,
): MethodEntry | undefined {
  const channel = findChannel(row.channel);
  return channel && asEntry(channel, row.slug, openFields(channel, row.address, secrets));
}

export interface MethodsChange {
  userId: string;
  wanted: readonly MethodEntry[];
  /** What was there of what the document speaks of. */
  before: readonly MethodEntry[];
}

/** Makes the person's methods those of the document, in its order; what they added by hand under other slugs stays. */
export async function setMethods(tx: Tx, by: By, { userId, wanted, before }: MethodsChange): Promise<void> {
  // Whoever keeps the configuration is the operator: what stands there counts as verified.
  const hand: By = { ...by, managedBy: "config" };
  for (const { slug } of before) {
    if (!wanted.some((each) => each.slug === slug))
      await removeContactMethod(tx, hand, { userId, ref: slug });
  }
  const rows = new Map((await methodsOf(tx, userId)).map((row) => [row.slug, row]));
  for (const [position, method] of wanted.entries()) {
    const { slug } = method;
    const { channel, address } = addressOf(method);
    const row = rows.get(slug);
    const was = before.find((each) => each.slug === slug);
    if (row && row.channel === channel) {
      const same = isDeepStrictEqual(was, method) && row.position === position;
      if (!same) await changeContactMethod(tx, hand, { userId, ref: slug, address, position });
      continue;
    }
    if (row) await removeContactMethod(tx, hand, { userId, ref: slug });
    await addContactMethod(tx, hand, { userId, slug, channel, address, position });
  }
  // Made up for a demo they are verified like these, and the person's own to change.
  if (by.managedBy === "ui")
    await tx.updateTable("contact_methods").set({ managed_by: "ui" }).where("user_id", "=", userId).execute();
}
