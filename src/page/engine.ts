import { by, SYSTEM } from "../org/actor.ts";
import { msBetween } from "../platform/clock.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import type { Job, JobResult } from "../platform/due/due.ts";
import { failpoint } from "../platform/failpoint.ts";
import type { AddressGuard } from "../platform/net/address-guard.ts";
import type { Resolve } from "../platform/net/resolver.ts";
import type { Platform } from "../platform/platform.ts";
import { openFields } from "../platform/sealed-fields.ts";
import { AGAIN, type Again, claimAgain, keepAgain } from "./again.ts";
import type { Answer } from "./answer.ts";
import type { SendContext } from "./channels/channel.ts";
import { findChannel } from "./channels/index.ts";
import { type Carried, claimDelivery } from "./claim.ts";
import { compose } from "./compose.ts";
import type { ContactMethodRow } from "./contact-methods.ts";
import { LINE, linesAt, serveLine } from "./in-line.ts";
import { DELIVER } from "./ledger.ts";
import type { Message } from "./message.ts";
import { LONGEST_WAIT_MS, type SendResult } from "./model.ts";
import { tellIfUnreachable } from "./next-method.ts";
import { missReceipt, RECEIPT } from "./promised.ts";
import { holdLine, type Line, takeRoom } from "./providers/pace.ts";
import { type OpenProvider, openProviders } from "./providers/providers.ts";
import { createBreaker, sendThrough } from "./providers/send-through.ts";
import { dropAnswered, recordResult, wasAnswered } from "./record.ts";
import { threadsOf } from "./threads.ts";

/** What `page` needs beside the platform. */
export interface PageDeps {
  answer: Answer;
  /** Names to addresses, and which addresses may be reached: for channels that call out. */
  resolve: Resolve;
  guard: AddressGuard;
}

const CONCURRENCY = 64;

/** What page/ does later: each delivery is a job, from its claim to the provider's answer on the ledger. */
export function pageEngine(platform: Platform, deps: PageDeps): void {
  platform.due.handle(DELIVER, (job, signal) => deliver(platform, deps, { job, signal }), {
    concurrency: CONCURRENCY,
  });
  platform.due.handle(LINE, ({ payload }) => {
    const { line } = payload as { line: Line };
    return inTransaction(platform.db, (tx) => serveLine(tx, hand(platform), line));
  });
  platform.due.handle(AGAIN, ({ payload }, signal) =>
    ringAgain(platform, deps, { again: payload as Again, signal }),
  );
  platform.due.handle(RECEIPT, async ({ payload }) => {
    const { carrierId } = payload as { carrierId: string };
    await inTransaction(platform.db, (tx) => missReceipt(tx, hand(platform), carrierId));
    return undefined;
  });
}

/** Once more, while nobody has seen it: the same message, as things stand now. */
async function ringAgain(
  platform: Platform,
  deps: PageDeps,
  { again, signal }: { again: Again; signal: AbortSignal },
): Promise<JobResult> {
  const carried = await inTransaction(platform.db, (tx) => claimAgain(tx, hand(platform), again));
  if (!carried) return undefined;
  const message = await compose(platform, deps.answer, carried);
  const result = await sendBy(platform, deps, { method: carried.method, message, signal });
  const failed = await inTransaction(platform.db, (tx) =>
    keepAgain(tx, hand(platform), { carried, count: again.count, result }),
  );
  countAttempt(platform, { ...carried, members: [] }, result);
  await lookForUnreachable(platform, deps.answer, failed);
  return undefined;
}

const hand = (platform: Platform) => by(platform, SYSTEM);

async function deliver(
  platform: Platform,
  deps: PageDeps,
  { job, signal }: { job: Job; signal: AbortSignal },
): Promise<JobResult> {
  const { deliveryId } = job.payload as { deliveryId: string };
  const { answer } = deps;
  const claim = await inTransaction(platform.db, (tx) =>
    claimDelivery(tx, hand(platform), { deliveryId, answer, breaker }),
  );
  switch (claim.kind) {
    case "nothing":
      return undefined;
    case "wait":
      return { again: claim.until };
    case "failed":
      await lookForUnreachable(platform, answer, claim.deliveryIds);
      return undefined;
    case "claimed":
      failpoint("deliver:claimed");
      return sendClaimed(platform, deps, { carried: claim.carried, signal });
  }
}

async function sendClaimed(
  platform: Platform,
  deps: PageDeps,
  { carried: claimed, signal }: { carried: Carried; signal: AbortSignal },
): Promise<JobResult> {
  const { db } = platform;
  const message = await compose(platform, deps.answer, claimed);
  const carried = (await wasAnswered(db, claimed))
    ? await inTransaction(db, (tx) => dropAnswered(tx, hand(platform), claimed))
    : claimed;
  const [first, ...others] = message.items.filter((item) => isLeft(item.subject.id, carried));
  if (!first) return undefined;
  const result = await sendBy(platform, deps, {
    method: carried.method,
    message: { ...message, items: [first, ...others] },
    signal,
    placedAt: carried.providerId,
  });
  failpoint("deliver:after-send");
  if (result.kind === "retry" && result.afterMs) await holdProvider(platform, carried, result.afterMs);
  const { again, failed } = await inTransaction(db, (tx) =>
    recordResult(tx, hand(platform), { carried, result, random: Math.random() }),
  );
  failpoint("deliver:recorded");
  countAttempt(platform, carried, result);
  if (result.kind !== "accepted")
    platform.log.warn(
      { delivery: carried.carrierId, channel: carried.method.channel, ...result },
      "not delivered",
    );
  await lookForUnreachable(platform, deps.answer, failed);
  return again ? { again } : undefined;
}

/** For `/metrics`: after the commit, so that a transaction that runs twice counts once. */
function countAttempt(platform: Platform, carried: Carried, result: SendResult): void {
  const { deliveries, pageLatency } = platform.metrics;
  deliveries.inc({ channel: carried.method.channel, outcome: result.kind });
  const [first] = carried.members;
  if (first && result.kind === "accepted" && carried.purpose === "page")
    pageLatency.observe(Math.max(0, msBetween(first.due_at, platform.clock.now())) / 1_000);
}

/** A provider that asks for a pause is given it by whatever else would go the same way. */
async function holdProvider(
  platform: Platform,
  { method, providerId }: Carried,
  forMs: number,
): Promise<void> {
  const providers = await openProviders(
    platform.db,
    platform.secrets,
    findChannel(method.channel)?.providers ?? [],
  );
  const provider = providers.find(({ id }) => id === providerId);
  const line = provider && linesAt(provider, method, hand(platform)).at(-1);
  const pause = { now: platform.clock.now(), forMs: Math.min(LONGEST_WAIT_MS, forMs) };
  // Of several that could carry it this one said how long; which one did is not known any more.
  if (line && providers.length === 1) await holdLine(platform.db, line, pause);
}

const isLeft = (subjectId: string, carried: Carried): boolean =>
  carried.members.some((row) => row.subject_id === subjectId);

async function lookForUnreachable(platform: Platform, answer: Answer, ids: readonly string[]): Promise<void> {
  for (const deliveryId of ids)
    await inTransaction(platform.db, (tx) => tellIfUnreachable(tx, hand(platform), { deliveryId, answer }));
}

export interface Sending {
  method: ContactMethodRow;
  message: Message;
  signal: AbortSignal;
  /** The provider in whose lines it has a place already. */
  placedAt?: string | null;
}

/**
 * One try through a method's channel. Whatever goes wrong inside a channel is a reason to try again, except an abort:
 * then nothing is known and the worker must not say that it is.
 */
export async function sendBy(
  platform: Platform,
  deps: Pick<PageDeps, "resolve" | "guard">,
  { method, message, signal, placedAt = null }: Sending,
): Promise<SendResult> {
  const channel = findChannel(method.channel);
  if (!channel) return { kind: "refused", why: `This version knows no channel "${method.channel}".` };
  const context: SendContext = {
    signal,
    deliveryId: message.deliveryId,
    now: platform.clock.now(),
    mail: platform.mail,
    resolve: deps.resolve,
    guard: deps.guard,
    provider: null,
    threads: channel.providers.length > 0 ? await threadsOf(platform.db, method.id, message) : new Map(),
  };
  const address = openFields(channel, method.address, platform.secrets);
  const send = async (provider: OpenProvider | null, limit?: AbortSignal): Promise<SendResult> => {
    const within = limit ? AbortSignal.any([signal, limit]) : signal;
    try {
      return await channel.send(address, message, { ...context, provider, signal: within });
    } catch (error) {
      if (signal.aborted) throw error;
      if (limit?.aborted) return { kind: "retry", why: `No answer within ${FAILOVER_MS / 1_000} s` };
      platform.log.error({ error, channel: channel.id }, "a channel failed in a way it did not foresee");
      return { kind: "retry", why: error instanceof Error ? error.message : String(error) };
    }
  };
  const providers = await openProviders(platform.db, platform.secrets, channel.providers);
  if (providers.length === 0) return send(null);
  const nowMs = () => platform.clock.now().epochMilliseconds;
  return sendThrough(providers, { breaker, nowMs, first: placedAt }, async (provider, isLast) => {
    const lines = provider.id === placedAt ? [] : linesAt(provider, method, hand(platform));
    const now = platform.clock.now();
    if (lines.length > 0) {
      const room = await inTransaction(platform.db, (tx) => takeRoom(tx, lines, { now }));
      if (room.kind === "wait" && placedAt !== null) return null;
    }
    return send(provider, isLast ? undefined : AbortSignal.timeout(FAILOVER_MS));
  });
}

/** So long a provider may take while there is another one that could carry the message. */
const FAILOVER_MS = 5_000;

/** Shared by all that is sent from this process. */
const breaker = createBreaker();
