import { asksForAnswer, type Item, type Message } from "../message.ts";
import type { Action } from "../replies/grammar.ts";

export interface AnswerButton {
  label: string;
  /** Short enough for every provider: a letter and the delivery. */
  data: string;
}

const ACTIONS: Readonly<Record<string, { label: string; action: Action }>> = {
  a: { label: "Acknowledge", action: { verb: "acknowledge" } },
  d: { label: "I can't, next!", action: { verb: "decline" } },
  s: { label: "Snooze 30 min", action: { verb: "snooze", forMs: 30 * 60_000 } },
  r: { label: "Resolve", action: { verb: "resolve" } },
};

const button = (letter: string, item: Item, numbered: boolean): AnswerButton => {
  const { label } = ACTIONS[letter]!;
  const name = numbered ? `${label} #${item.subject.number}` : label;
  return { label: name, data: `${letter}.${shortId(item.deliveryId)}` };
};

/** More buttons than this are no help to anybody. */
const MOST_OF_BUNDLE = 8;

/** What can be answered with one tap, row by row: everything for one incident, acknowledging each of a bundle. */
export function buttonRows(message: Message): AnswerButton[][] {
  if (!asksForAnswer(message)) return [];
  const open = message.items.filter(({ subject }) => subject.status !== "resolved");
  if (message.items.length > 1) return open.slice(0, MOST_OF_BUNDLE).map((item) => [button("a", item, true)]);
  return open.map((item) =>
    item.subject.status === "acknowledged"
      ? [button("r", item, false)]
      : [
          button("a", item, false),
          button("d", item, false),
          button("s", item, false),
          button("r", item, false),
        ],
  );
}

/** What a pressed button means; null when it is none of ours. */
export function readButton(data: string): { deliveryId: string; action: Action } | null {
  const [, letter = "", id = ""] = /^([a-z])\.([\w-]{22})$/.exec(data) ?? [];
  const known = ACTIONS[letter];
  return known ? { action: known.action, deliveryId: longId(id) } : null;
}

const shortId = (uuid: string): string => Buffer.from(uuid.replaceAll("-", ""), "hex").toString("base64url");

function longId(short: string): string {
  const hex = Buffer.from(short, "base64url").toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
