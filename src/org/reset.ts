import type { Platform } from "../platform/platform.ts";
import { missing, Refusal } from "../platform/refusal.ts";
import { issueOneTime, type OneTime } from "./one-time.ts";
import { findUserByEmail } from "./people.ts";

export const resetLink = (url: string, token: string): string => `${url}/reset-password/${token}`;

/** A link, good once and for an hour, by which the person chooses a new password: for the operator to hand over. */
export async function resetPassword(
  { db, clock, url }: Pick<Platform, "db" | "clock" | "url">,
  email: string,
): Promise<string> {
  return (await makeReset({ db, clock, url }, email)).url;
}

/** The same with its end. */
export async function makeReset(
  { db, clock, url }: Pick<Platform, "db" | "clock" | "url">,
  email: string,
): Promise<{ url: string; expiresAt: OneTime["expiresAt"] }> {
  const user = await findUserByEmail(db, email);
  if (!user) throw missing(`user "${email}"`);
  if (user.deactivated_at)
    throw new Refusal("conflict", `${user.name} is deactivated. Reactivate them first.`);
  const { token, expiresAt } = await issueOneTime(db, clock, { purpose: "reset-password", userId: user.id });
  return { url: resetLink(url, token), expiresAt };
}
