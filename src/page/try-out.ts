import type { By } from "../org/actor.ts";
import { later, msBetween } from "../platform/clock.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { newId } from "../platform/ids.ts";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../platform/refusal.ts";
import { addressee } from "./compose.ts";
import { type ContactMethodRow, destinationOf, findMethod } from "./contact-methods.ts";
import { type PageDeps, sendBy } from "./engine.ts";
import type { Message } from "./message.ts";
import type { SendResult } from "./model.ts";
import type { TestResult } from "./schema.ts";
import { CODE_MINUTES, forgetCode, issueCode } from "./verification.ts";

type SendDeps = Pick<PageDeps, "resolve" | "guard">;

interface Which {
  userId: string;
  ref: string;
}

/** A person is waiting in front of a screen: longer than this and they are told so. */
const LIMIT_MS = 20_000;
const TEST_PAUSE_MS = 5_000;

interface Tried {
  deliveryId: string;
  startedAt: Temporal.Instant;
  result: SendResult;
  ms: number;
}

/** One real message through the very channel, at once and once. */
async function sendOnce(
  platform: Platform,
  deps: SendDeps,
  {
    method,
    body,
  }: { method: ContactMethodRow; body: { type: "test" } | { type: "verification"; code: string } },
): Promise<Tried> {
  const startedAt = platform.clock.now();
  const deliveryId = newId(platform.clock);
  const person = await addressee(platform.db, method.user_id);
  const envelope = { deliveryId, person, sentAt: startedAt, url: platform.url };
  const message: Message =
    body.type === "test" ? { ...envelope, ...body } : { ...envelope, ...body, minutes: CODE_MINUTES };
  const signal = AbortSignal.timeout(LIMIT_MS);
  const late: SendResult = { kind: "retry", why: `No answer within ${LIMIT_MS / 1000} s` };
  const result = await sendBy(platform, deps, { method, message, signal }).catch((error: unknown) => {
    if (signal.aborted) return late;
    throw error;
  });
  return { deliveryId, startedAt, result, ms: msBetween(startedAt, platform.clock.now()) };
}

const said = ({ result, ms }: Tried): TestResult => ({
  ok: result.kind === "accepted",
  ms,
  detail: result.kind === "accepted" ? result.detail : result.why,
});

/** Sends a fresh six-digit code through the method, so that only who has it can verify it. */
export async function sendCode(by: By, deps: SendDeps, which: Which): Promise<TestResult> {
  const { platform } = by;
  const { method, code } = await inTransaction(platform.db, (tx) => issueCode(tx, by, which));
  const tried = await sendOnce(platform, deps, { method, body: { type: "verification", code } });
  if (tried.result.kind !== "accepted") await inTransaction(platform.db, (tx) => forgetCode(tx, method.id));
  return said(tried);
}

/** A test that really rings, and is on the ledger like any other delivery. */
export async function sendTest(by: By, deps: SendDeps, which: Which): Promise<TestResult> {
  const { platform } = by;
  const method = await findMethod(platform.db, which);
  const recent = await platform.db
    .selectFrom("deliveries")
    .select("id")
    .where("person_id", "=", method.user_id)
    .where("contact_method_id", "=", method.id)
    .where("purpose", "=", "test")
    .where("created_at", ">", later(by.at, -TEST_PAUSE_MS))
    .executeTakeFirst();
  if (recent) throw new Refusal("too_many", "A test was sent a moment ago. Wait five seconds for another.");
  const tried = await sendOnce(platform, deps, { method, body: { type: "test" } });
  await keepOnLedger(by, { method, tried });
  return said(tried);
}

async function keepOnLedger(
  by: By,
  { method, tried }: { method: ContactMethodRow; tried: Tried },
): Promise<void> {
  const { platform } = by;
  const { deliveryId, startedAt, result, ms } = tried;
  const accepted = result.kind === "accepted";
  const now = platform.clock.now();
  await inTransaction(platform.db, async (tx) => {
    await tx
      .insertInto("deliveries")
      .values({
        id: deliveryId,
        page_id: null,
        subject_type: "contact_method",
        subject_id: method.id,
        person_id: method.user_id,
        contact_method_id: method.id,
        channel: method.channel,
        destination: destinationOf(method, platform.secrets),
        purpose: "test",
        status: accepted ? "sent" : "failed",
        reason: accepted ? null : result.why,
        bundle_id: deliveryId,
        due_at: startedAt,
        created_at: startedAt,
        sent_at: accepted ? now : null,
        finished_at: now,
        provider_id: accepted ? result.providerId : null,
      })
      .execute();
    await tx
      .insertInto("delivery_attempts")
      .values({
        delivery_id: deliveryId,
        number: 1,
        at: startedAt,
        outcome: result.kind,
        ms,
        detail: said(tried).detail,
      })
      .execute();
  });
}
