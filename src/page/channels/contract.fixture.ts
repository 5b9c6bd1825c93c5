import assert from "node:assert/strict";
import { test } from "node:test";
import { createMail } from "../../platform/mail.ts";
import { createAddressGuard } from "../../platform/net/address-guard.ts";
import { createResolver } from "../../platform/net/resolver.ts";
import type { Message, PageMessage } from "../message.ts";
import type { Subject } from "../model.ts";
import { messageAbout } from "../testing.ts";
import type { AnyChannel, SendContext } from "./channel.ts";

/**
 * What a fake provider is told to do with the next call: ask to come back in 7 s; answer 500; close the connection; not
 * take the account or token; say that the address exists no more or that its owner has blocked us.
 */
const TROUBLES = ["limit", "broken", "reset", "denied", "gone"] as const;
export type Trouble = (typeof TROUBLES)[number];

/** A fake provider that follows its documented API, and an address at it. */
export interface Stand extends AsyncDisposable {
  provider: { kind: string; settings: Record<string, unknown> } | null;
  address: Record<string, unknown>;
  /** Every message that the provider took, as a person would read it. */
  shown(): string[];
  /** Everything that was sent, as it went over the wire: nothing may stand there that is no part of the API. */
  wire(): string[];
  trouble(next: Trouble): void;
}

export interface Contract {
  channel: AnyChannel;
  start(): Promise<Stand>;
  /** Secrets of the settings and the address, which no answer may repeat. */
  secrets: readonly string[];
  /** Troubles that this provider has no way to tell. */
  without?: readonly Trouble[];
  /** What is read out has neither brackets nor numbers of incidents. */
  spoken?: boolean;
}

const LONG = "The checkout refuses every card since the deploy ".repeat(300);
const FOREIGN = "決済サービスが停止しています · Кассы не отвечают · الدفع معطل 🔥";
/** What chat markups, mentions and links are made of. */
export const HOSTILE =
  "<b>*bold*</b> _x_ [pay](https://evil.test) <https://evil.test|x> @everyone <!channel> `rm` \\u202e & &amp; | ~s~";

const EXPECTED: Record<Trouble, "retry" | "refused"> = {
  limit: "retry",
  broken: "retry",
  reset: "retry",
  denied: "refused",
  gone: "refused",
};

/** What every channel promises, whatever its provider is. */
export function contract({ channel, start, secrets, without = [], spoken = false }: Contract): void {
  const send = (stand: Stand, message: Message, some: Partial<SendContext> = {}) =>
    channel.send(stand.address, message, { ...contextAt(stand), ...some });

  test(`${channel.id}: a page says how bad, what, where, why and since when`, async () => {
    await using stand = await start();
    const result = await send(stand, messageAbout());
    assert.equal(result.kind, "accepted", JSON.stringify(result));
    const [text = ""] = stand.shown();
    for (const part of [/Shop/, /Shop home is down/, /status 502, wanted 200–299/]) assert.match(text, part);
    if (!spoken) assert.match(text, /#12/);
    assert.match(text.trimStart().slice(0, 40), spoken ? /Severity 2\. Shop/ : /SEV2.*Shop/);
  });

  test(`${channel.id}: whatever is to be said arrives`, async () => {
    await using stand = await start();
    for (const message of kinds()) {
      const result = await send(stand, message);
      assert.equal(result.kind, "accepted", `${message.type}: ${JSON.stringify(result)}`);
    }
    assert.match(stand.shown().join("\n"), spoken ? /1, 2, 3, 4, 5, 6/ : /123456/);
    assert.match(stand.shown().join("\n"), /Resolved/);
  });

  test(`${channel.id}: long and foreign text is shortened, never refused`, async () => {
    await using stand = await start();
    for (const title of [LONG, FOREIGN.repeat(100)]) {
      const result = await send(stand, messageAbout({ title, alerts: alertsSaying(title) }));
      assert.equal(result.kind, "accepted", JSON.stringify(result));
    }
    assert.ok(stand.shown().at(-1)?.includes("決済サービスが停止しています"));
  });

  test(`${channel.id}: text from outside is shown as it is, and is no markup`, async () => {
    await using stand = await start();
    const result = await send(stand, messageAbout({ title: HOSTILE, alerts: alertsSaying(HOSTILE) }));
    assert.equal(result.kind, "accepted", JSON.stringify(result));
    assert.ok(stand.shown()[0]?.includes(HOSTILE.slice(0, 30)), stand.shown().join("\n"));
  });

  for (const next of TROUBLES.filter((each) => !without.includes(each)))
    test(`${channel.id}: ${next} means ${EXPECTED[next]}`, async () => {
      await using stand = await start();
      stand.trouble(next);
      const result = await send(stand, messageAbout());
      assert.equal(result.kind, EXPECTED[next], JSON.stringify(result));
      if (next === "limit" && result.kind === "retry") assert.equal(result.afterMs, 7_000);
      for (const secret of secrets) assert.ok(!JSON.stringify(result).includes(secret), "a secret leaked");
    });

  test(`${channel.id}: secrets stay out of what is shown and sent in bodies`, async () => {
    await using stand = await start();
    const result = await send(stand, messageAbout());
    const open = [JSON.stringify(result), channel.destination(stand.address), ...stand.wire()].join("\n");
    for (const secret of secrets) assert.ok(!open.includes(secret), "a secret leaked");
  });
}

const alertsSaying = (text: string): Subject["alerts"] =>
  messageAbout().items[0].subject.alerts.map((alert) => ({ ...alert, title: text, reason: text }));

export function contextAt(stand: Pick<Stand, "provider">): SendContext {
  return {
    signal: new AbortController().signal,
    deliveryId: "0193588e-0000-7000-8000-00000000000b",
    now: Temporal.Instant.from("2026-11-23T09:00:00Z"),
    mail: createMail({ url: undefined, from: "" }),
    resolve: createResolver(),
    guard: createAddressGuard({ ownPorts: [], allowPrivate: true }),
    provider: stand.provider && { id: "p", slug: "p", ...stand.provider },
    threads: new Map(),
  };
}

function kinds(): Message[] {
  const page = messageAbout();
  const { type: _, items, ...envelope } = page;
  const [first] = items;
  const second = {
    ...first,
    subject: { ...first.subject, id: "0193588e-0000-7000-8000-0000000000ff", number: 13 },
  };
  const bundle: PageMessage = { ...page, items: [first, second] };
  return [
    page,
    bundle,
    messageAbout({}, "resolved"),
    { ...page, type: "joined" },
    { ...page, type: "answered" },
    { ...envelope, type: "verification", code: "123456", minutes: 15 },
    { ...envelope, type: "test" },
  ];
}
