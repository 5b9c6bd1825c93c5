import type { By } from "../org/actor.ts";
import { later } from "../platform/clock.ts";
import type { Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { newId } from "../platform/ids.ts";
import { findChannel } from "./channels/index.ts";
import { type ContactMethodRow, destinationOf } from "./contact-methods.ts";
import { wakeDelivery } from "./ledger.ts";
import "./table.ts";

export interface SubjectRef {
  type: "incident";
  id: string;
}

/** "After this long, by that method." */
export interface PlannedDelivery {
  method: ContactMethodRow;
  afterMs: number;
  /** Why it waits longer than its rule says, for the ledger. */
  waits?: string;
}

export interface Step extends PlannedDelivery {
  /** Why this channel can't be used here at all; null when it can. */
  blocked: string | null;
}

/** Why this installation can't use the method's channel at all; null when it can. */
export function blockedBy(method: ContactMethodRow, by: By): string | null {
  const channel = findChannel(method.channel);
  return channel ? channel.unavailable(by.platform) : `This version knows no channel "${method.channel}".`;
}

export type Notice = "resolved" | "joined" | "answered" | "expiring";

export interface NewDelivery extends Step {
  subject: SubjectRef;
  personId: string;
  pageId: string | null;
  purpose: "page" | Notice;
  round?: number;
}

/** One delivery and its job. One that is blocked is on the ledger as failed; its job tells that it was. */
export async function addDelivery(tx: Tx, by: By, input: NewDelivery): Promise<void> {
  const { subject, method, blocked } = input;
  const id = newId(by.platform.clock);
  const dueAt = blocked === null ? later(by.at, input.afterMs) : by.at;
  await tx
    .insertInto("deliveries")
    .values({
      id,
      page_id: input.pageId,
      subject_type: subject.type,
      subject_id: subject.id,
      person_id: input.personId,
      contact_method_id: method.id,
      channel: method.channel,
      destination: destinationOf(method, by.platform.secrets),
      purpose: input.purpose,
      content: input.round === undefined ? null : json({ round: input.round }),
      status: blocked === null ? "queued" : "failed",
      reason: blocked ?? input.waits ?? null,
      due_at: dueAt,
      created_at: by.at,
      finished_at: blocked === null ? null : by.at,
    })
    .execute();
  await wakeDelivery(tx, by.platform, { id, at: dueAt });
}
