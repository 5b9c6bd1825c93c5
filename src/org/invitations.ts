import type { z } from "zod";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../platform/refusal.ts";
import { type By, by } from "./actor.ts";
import { actorForUser } from "./actor-load.ts";
import { audit } from "./audit.ts";
import { installationName } from "./installation.ts";
import { invitationMail } from "./mails.ts";
import { findInvited, issueOneTime, takeInvited } from "./one-time.ts";
import { storePassword } from "./passwords.ts";
import { findUser, type UserRecord } from "./people.ts";
import type { invitation } from "./schema.ts";
import { checkTimeZone } from "./time-zone.ts";

export interface Invitation {
  url: string;
  expiresAt: Temporal.Instant;
  to: { name: string; email: string };
}

/** Makes a link by which the person chooses a password; an earlier one stops working. Valid for seven days. */
export async function invite(tx: Tx, by: By, userId: string): Promise<Invitation> {
  const user = await findUser(tx, userId);
  if (user.deactivated_at)
    throw new Refusal("conflict", `${user.name} is deactivated. Reactivate them first.`);
  if (!user.invited) {
    throw new Refusal(
      "conflict",
      `${user.name} has a password already. They can ask for another one on the sign-in page.`,
    );
  }
  const { token, expiresAt } = await issueOneTime(tx, by.platform.clock, {
    purpose: "invitation",
    userId: user.id,
  });
  await audit(tx, by, { action: "invited", type: "user", id: user.id, name: user.name });
  const { name, email } = user;
  return { url: `${by.platform.url}/invitation/${token}`, expiresAt, to: { name, email } };
}

/**
 * After commit: mails the link, if `mail` asks for it. Without a mail server, or when it refuses, the inviter
 * hands the link over.
 */
export async function mailInvitation(
  by: By,
  made: Invitation,
  { mail }: { mail: boolean },
): Promise<z.infer<typeof invitation>> {
  const { platform, actor } = by;
  let mailed = false;
  if (mail && platform.mail.available) {
    const installation = await installationName(platform.db);
    try {
      await platform.mail.send(
        invitationMail({ to: made.to, from: actor.name, installation, url: made.url }),
      );
      mailed = true;
    } catch (error) {
      platform.log.warn({ error, to: made.to.email }, "an invitation could not be mailed");
    }
  }
  return { url: made.url, expires_at: made.expiresAt.toString(), mailed };
}

const gone = (): Refusal =>
  new Refusal(
    "gone",
    "This invitation has been used, replaced by a newer one, or is older than seven days. Ask for another.",
  );

/** Whom the token invites; a refusal when it is used, replaced or too old. */
export async function invitedBy(db: DbOrTx, token: string, now: Temporal.Instant): Promise<UserRecord> {
  const userId = await findInvited(db, token, now);
  if (!userId) throw gone();
  return findUser(db, userId);
}

export interface Acceptance {
  token: string;
  /** The password's hash. */
  hash: string;
  name?: string;
  timeZone?: string;
}

/** Takes up an invitation: the person has a password from now on. Answers with their e-mail address. */
export async function acceptInvitation(tx: Tx, platform: Platform, input: Acceptance): Promise<string> {
  const userId = await takeInvited(tx, input.token, platform.clock.now());
  const actor = userId === undefined ? null : await actorForUser(tx, userId);
  if (!userId || !actor) throw gone();
  const user = await findUser(tx, userId);
  const hand = by(platform, actor);
  await storePassword(tx, hand, { userId: user.id, hash: input.hash });
  await tx
    .updateTable("users")
    .set({
      email_verified: true,
      name: input.name ?? user.name,
      time_zone: input.timeZone === undefined ? user.time_zone : checkTimeZone(input.timeZone),
      updated_at: hand.at,
    })
    .where("id", "=", user.id)
    .execute();
  await audit(tx, hand, {
    action: "accepted the invitation",
    type: "user",
    id: user.id,
    name: input.name ?? user.name,
  });
  return user.email;
}
