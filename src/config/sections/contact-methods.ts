import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { By } from "../../org/actor.ts";
import { openAddress, parseAddress } from "../../page/address.ts";
import type { AnyChannel } from "../../page/channels/channel.ts";
import { channels, findChannel } from "../../page/channels/index.ts";
import {
  addContactMethod,
  changeContactMethod,
  methodsOf,
  removeContactMethod,
} from "../../page/contact-methods.ts";
import type { Tx } from "../../platform/database/database.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Secrets } from "../../platform/secrets.ts";
import type { contactMethodEntry } from "../document.ts";
import { unknownKey } from "../issues.ts";
import { hideSecrets, showSecrets } from "../secrets.ts";
import type { Entry } from "../section.ts";
import { moved, refuseFound } from "./refusals.ts";

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

/** The canonical form of what is written. Pointers of a refusal are within the person's entry. */
export const canonicalMethods = (written: readonly Written[]): MethodEntry[] =>
  written.map((method, index) => {
    if (written.findIndex((each) => each.slug === method.slug) < index)
      refuseFound([
        { path: ["contact_methods", index, "slug"], message: `"${method.slug}" stands here twice` },
      ]);
    return canonicalMethod(method, index);
  });

function canonicalMethod({ slug, ...rest }: Written, index: number): MethodEntry {
  const known = channels.map(({ id }) => id as string);
  const keys = Object.keys(rest);
  const unknown = keys.filter((key) => !known.includes(key));
  refuseFound(
    unknown.map((key) => ({ path: ["contact_methods", index, key], message: unknownKey(key, known) })),
  );
  const [id = ""] = keys;
  const channel = findChannel(id);
  if (!channel || keys.length > 1) {
    const message = `a contact method has exactly one channel beside its slug: ${known.join(" or ")}`;
    refuseFound([{ path: ["contact_methods", index], message }]);
    throw new Error(message);
  }
  const value = rest[id];
  const field = onlyField(channel);
  const short = typeof value !== "object" && field !== undefined;
  const address = short ? { [field]: value } : (value ?? {});
  const at = `/contact_methods/${index}/${id}`;
  try {
    return asEntry(channel, slug, parseAddress(id, address as Entry).address);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw moved(error, (pointer) => (short ? at : at + pointer.replace(/^\/address/, "")));
  }
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
  return channel && asEntry(channel, row.slug, openAddress(channel, row.address, secrets));
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
}
