import type { Action } from "./grammar.ts";
import type { MessageRef } from "./receipts.ts";

/** Who says something: an address as the channel's contact methods have it, fields that identify it only. */
export interface Sender {
  channel: string;
  address: Readonly<Record<string, string>>;
  /** What the provider calls this answer, so that one that comes twice is carried out once. */
  externalId: string;
}

/** What came of an answer, in words for whoever gave it. `text` is null where saying nothing is right. */
export interface Told {
  done: boolean;
  text: string | null;
}

/** What channels hand on of what people and providers say. Every method may be called twice with the same. */
export interface Answers {
  /** A button under a message was pressed. `deliveryId` is the item's own. */
  press(from: Sender, pressed: { deliveryId: string; action: Action }): Promise<Told>;
  /** A link's token came back by the channel, which says whose it is and what was wanted. */
  redeem(from: Omit<Sender, "address">, token: string): Promise<Told>;
  /** Something was written. `replyTo`: what the provider calls the message that it answers, if it says so. */
  said(from: Sender, said: { text: string; replyTo?: string }): Promise<Told>;
  /** A code from the person's own page was sent from this address: it becomes a verified contact method of theirs. */
  pair(
    from: Omit<Sender, "address">,
    given: { code: string; address: Readonly<Record<string, string>> },
  ): Promise<Told>;
  /** What has been sent by the channel of late and waits for somebody's answer. */
  awaited(channel: string): Promise<Awaited[]>;
  /** What the provider learned about a message after it had taken it. */
  receipt(about: MessageRef & { event: Receipt }): Promise<void>;
  /** The address is gone for good, or its owner wants no more of this: methods that lead there are disabled. */
  gone(from: Omit<Sender, "externalId">, why: string): Promise<void>;
}

/** A message that somebody may still answer. */
export interface Awaited {
  deliveryId: string;
  /** What the provider calls it. */
  providerId: string;
}

export type Receipt = { kind: "delivered" } | { kind: "seen" } | { kind: "undelivered"; why: string };
