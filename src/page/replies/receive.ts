import { by, SYSTEM } from "../../org/actor.ts";
import { actorForUser } from "../../org/actor-load.ts";
import { can } from "../../org/can.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Answer, Brief } from "../answer.ts";
import { readAnswerToken } from "../links.ts";
import { tellIfUnreachable } from "../next-method.ts";
import type { Answers, Sender, Told } from "./answers.ts";
import { disableMethods, enableMethods, stoppedBy } from "./gone.ts";
import { type Action, HELP_TEXT, readAnswer } from "./grammar.ts";
import { pairAccount } from "./pairing.ts";
import { openFor, personBehind, sentDelivery, subjectOfMessage, unanswered } from "./people.ts";
import { recordReceipt } from "./receipts.ts";
import "../providers/table.ts";

/** After so many words that mean nothing, silence: an automatic answer may be talking to us. */
const MOST_SORRY = 5;
const STRANGER =
  "I don't know whose this is. Add it under Settings → How you are paged, then your answers count.";

interface Deps {
  answer: Answer;
  providerId: string;
}

/** The answers that one provider brings: who it is, what they mean, done once, told truly. */
export function answersFor(platform: Platform, { answer, providerId }: Deps): Answers {
  const { db } = platform;
  const sorry = new Map<string, number>();
  const underWay = new Map<string, Promise<Told>>();

  /** The same answer again is told what was told before; while it is under way it is waited for. */
  async function once(externalId: string, work: () => Promise<Told>): Promise<Told> {
    const running = underWay.get(externalId);
    if (running !== undefined) return running;
    const promise = remembered(externalId, work).finally(() => underWay.delete(externalId));
    underWay.set(externalId, promise);
    return promise;
  }

  async function remembered(externalId: string, work: () => Promise<Told>): Promise<Told> {
    const known = await db
      .selectFrom("replies")
      .select(["done", "text"])
      .where("provider_id", "=", providerId)
      .where("external_id", "=", externalId)
      .executeTakeFirst();
    if (known) return known;
    const told = await work().catch((error: unknown) => {
      if (error instanceof Refusal) return { done: false, text: error.message };
      throw error;
    });
    const { done, text } = told;
    await db
      .insertInto("replies")
      .values({
        provider_id: providerId,
        external_id: externalId,
        at: platform.clock.now(),
        done,
        text: text ?? "",
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return told;
  }

  /** Whether the person may answer for what they were not paged about themselves. */
  async function mayRespond(personId: string, subjectId: string): Promise<boolean> {
    const [actor, resource] = await Promise.all([actorForUser(db, personId), answer.resource(db, subjectId)]);
    return actor !== null && resource !== null && can(actor, "respond", resource);
  }

  async function act(from: Sender, claim: Omit<Parameters<Answer["act"]>[0], "via">): Promise<Told> {
    return answer.act({ ...claim, via: from.channel });
  }

  async function press(
    from: Sender,
    { deliveryId, action }: { deliveryId: string; action: Action },
  ): Promise<Told> {
    const person = await personBehind(db, from);
    if (!person) return { done: false, text: STRANGER };
    const sent = await sentDelivery(db, deliveryId);
    if (!sent) return { done: false, text: "That message is not one of ours, or is too old." };
    const { subjectId, round } = sent;
    if (sent.personId !== person.id && !(await mayRespond(person.id, subjectId)))
      return { done: false, text: "This is not yours to answer." };
    return act(from, { subjectId, round, personId: person.id, action });
  }

  async function redeem(from: Omit<Sender, "address">, token: string): Promise<Told> {
    const claim = readAnswerToken(platform, token);
    if (!claim) return { done: false, text: "That is not an answer that Keepwatch made." };
    const { verb, ...rest } = claim;
    return answer.act({ ...rest, via: from.channel, action: { verb } });
  }

  async function said(from: Sender, { text, replyTo }: { text: string; replyTo?: string }): Promise<Told> {
    const meaning = readAnswer(text);
    if (meaning.kind === "stop") {
      await inTransaction(db, (tx) =>
        disableMethods(tx, by(platform, SYSTEM), {
          ...from,
          why: stoppedBy(text),
        }),
      );
      return { done: true, text: null };
    }
    if (meaning.kind === "start") {
      const again = await inTransaction(db, (tx) => enableMethods(tx, by(platform, SYSTEM), from));
      if (again > 0) return { done: true, text: "Pages will reach you here again." };
    }
    const person = await personBehind(db, from);
    if (!person) return meaning.kind === "answer" ? { done: false, text: STRANGER } : quietly(from, STRANGER);
    const open = () => openFor(db, { answer, personId: person.id, now: platform.clock.now() });
    switch (meaning.kind) {
      case "start":
        return { done: true, text: "Pages reach you here." };
      case "help":
        return { done: true, text: HELP_TEXT };
      case "list":
        return { done: true, text: listed(await open()) };
      case "unknown":
        return quietly(from, `I did not understand that. ${HELP_TEXT}`);
      case "answer": {
        sorry.delete(senderKey(from));
        const { action, about } = meaning;
        if (about === "all") return all(from, { personId: person.id, action, briefs: await open() });
        const found = await which({ personId: person.id, about, replyTo, channel: from.channel, open });
        if ("text" in found) return { done: false, text: found.text };
        const { id: subjectId, round, number } = found;
        const told = await act(from, { subjectId, round, personId: person.id, action });
        return { ...told, text: told.text && named(number, told.text) };
      }
    }
  }

  async function all(
    from: Sender,
    { personId, action, briefs }: { personId: string; action: Action; briefs: readonly Brief[] },
  ): Promise<Told> {
    if (briefs.length === 0) return { done: false, text: "Nothing is open for you." };
    const told: string[] = [];
    for (const { id: subjectId, round, number } of briefs) {
      const { text } = await act(from, { subjectId, round, personId, action });
      told.push(named(number, text ?? ""));
    }
    return { done: true, text: told.join("\n") };
  }

  /** Which subject is meant: by number, by the message that was answered, or the only one that is open. */
  async function which(asked: {
    personId: string;
    about: number | null;
    replyTo: string | undefined;
    channel: string;
    open: () => Promise<Brief[]>;
  }): Promise<Brief | { text: string }> {
    const { personId, about, replyTo, channel } = asked;
    if (about !== null) {
      const [brief] = await answer.briefs(db, { number: about });
      const mine = (await asked.open()).some(({ id }) => id === brief?.id);
      if (brief && (mine || (await mayRespond(personId, brief.id)))) return brief;
      return { text: `There is no incident #${about} that you can answer.` };
    }
    const subjectId = replyTo && (await subjectOfMessage(db, { channel, providerId: replyTo }));
    const [replied] = subjectId ? await answer.briefs(db, { ids: [subjectId] }) : [];
    if (replied) return replied;
    const [first, ...others] = await asked.open();
    if (!first) return { text: "Nothing is open for you." };
    if (others.length === 0) return first;
    return { text: `Which one? ${listed([first, ...others])}` };
  }

  const senderKey = ({ address }: Sender): string => JSON.stringify(address);

  function quietly(from: Sender, text: string): Told {
    const times = (sorry.get(senderKey(from)) ?? 0) + 1;
    if (sorry.size > 1_000) sorry.clear();
    sorry.set(senderKey(from), times);
    return { done: false, text: times > MOST_SORRY ? null : text };
  }

  return {
    press: (from, pressed) => once(from.externalId, () => press(from, pressed)),
    redeem: (from, token) => once(from.externalId, () => redeem(from, token)),
    said: (from, words) => once(from.externalId, () => said(from, words)),
    pair: (from, given) =>
      once(from.externalId, () =>
        inTransaction(db, (tx) => pairAccount(tx, by(platform, SYSTEM), { channel: from.channel, ...given })),
      ),
    awaited: (channel) => unanswered(db, { channel, now: platform.clock.now() }),
    async receipt(about) {
      const failed = await inTransaction(db, (tx) => recordReceipt(tx, by(platform, SYSTEM), about));
      for (const deliveryId of failed)
        await inTransaction(db, (tx) => tellIfUnreachable(tx, by(platform, SYSTEM), { deliveryId, answer }));
    },
    gone: (from, why) =>
      inTransaction(db, (tx) => disableMethods(tx, by(platform, SYSTEM), { ...from, why })),
  };
}

const named = (number: number, text: string): string =>
  text.includes(`#${number}`) ? text : `#${number}: ${text}`;

const MOST_LISTED = 5;

function listed(briefs: readonly Brief[]): string {
  if (briefs.length === 0) return "Nothing is open for you.";
  const lines = briefs
    .slice(0, MOST_LISTED)
    .map(
      ({ number, title, status }) =>
        `#${number} ${title}${status === "acknowledged" ? " (acknowledged)" : ""}`,
    );
  const more = briefs.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}
