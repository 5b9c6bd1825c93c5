import type { Verb } from "./answer.ts";
import type { Subject } from "./model.ts";

export interface Addressee {
  email: string;
  name: string;
  timeZone: string;
}

/** One subject in a message, with the demand it stands for and the links that answer it. */
export interface Item {
  /** The delivery of this very item, also within a bundle: what a button answers to. */
  deliveryId: string;
  page: { id: string; reason: string } | null;
  subject: Subject;
  actions: Readonly<Record<Verb, string>>;
}

interface Envelope {
  /** The same on every try. */
  deliveryId: string;
  person: Addressee;
  sentAt: Temporal.Instant;
  /** How people reach Keepwatch, without a trailing slash. */
  url: string;
}

export interface PageMessage extends Envelope {
  type: "page" | "resolved" | "joined" | "answered" | "expiring";
  /** More than one when a storm was bundled; the most severe first. */
  items: readonly [Item, ...Item[]];
}

export interface CodeMessage extends Envelope {
  type: "verification";
  code: string;
  /** How long the code works, in minutes. */
  minutes: number;
}

export interface TestMessage extends Envelope {
  type: "test";
}

/** Something to know that demands nothing: a shift that is offered, one that begins tomorrow. */
export interface NoticeMessage extends Envelope {
  type: "notice";
  title: string;
  lines: readonly string[];
  /** Where it is shown. */
  link: string;
}

/** What a channel is given to say. */
export type Message = PageMessage | CodeMessage | TestMessage | NoticeMessage;

/** Whether it is about something that people are paged for. */
export const isAboutSubject = (message: Message): message is PageMessage =>
  message.type !== "verification" && message.type !== "test" && message.type !== "notice";

/** A message that somebody is to answer. */
export type AskingMessage = PageMessage & { type: "page" | "joined" | "expiring" };

/** Only these have buttons, keys and words that say how to answer. */
export const asksForAnswer = (message: Message): message is AskingMessage =>
  message.type === "page" || message.type === "joined" || message.type === "expiring";

/** Severe first, then the older: what a bundle shows at its top. */
export function bySeverity(a: Item, b: Item): number {
  const rank = (item: Item) => item.subject.severity || "SEV9";
  return (
    rank(a).localeCompare(rank(b)) ||
    Temporal.Instant.compare(a.subject.since, b.subject.since) ||
    a.subject.number - b.subject.number
  );
}
