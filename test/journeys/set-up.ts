import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { as } from "../support/as.ts";
import type { Visitor } from "../support/browser.ts";
import { eventually } from "../support/keepwatch.ts";
import type { MailBox, Receiver } from "../support/world.ts";

export const HOOK_SECRET = "a secret that signs";

export const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });

/** The newest mail to somebody whose subject fits. */
export const mailTo = ({ mails }: MailBox, email: string, subject: RegExp) =>
  eventually(`a mail "${subject.source}" to ${email}`, () =>
    mails.findLast(
      (mail) =>
        subject.test(mail.subject ?? "") && [mail.to ?? []].flat().some((to) => to.text.includes(email)),
    ),
  );

export const hookOf = ({ received }: Receiver, type: string) =>
  eventually(`a "${type}" at the webhook`, () => received.findLast((each) => each.type === type));

export interface Newcomer {
  name: string;
  email: string;
  password: string;
}

/** First step: who I am. `output` is what the start printed. */
export async function sayWhoIAm({ page, ...ada }: Visitor, me: Newcomer, output: string): Promise<void> {
  const link = /works once\): (\S+)/.exec(output)?.[1];
  assert.ok(link, `no set-up link in:\n${output}`);
  await page.goto(link);
  await heading(page, "Welcome. Who are you?").waitFor();
  await page.getByLabel("Your name").fill(me.name);
  await page.getByLabel("E-mail").fill(me.email);
  await page.getByLabel("Password").fill(me.password);
  await page.getByLabel("Time zone").selectOption("Europe/Stockholm");
  await ada.axe();
  await ada.shot("setup-you");
  await page.getByRole("button", { name: "Go on" }).click();
  await heading(page, "How do we reach you?").waitFor();
}

/** Second step: by mail and by webhook, each with the code that it was sent. */
export async function sayHowToReachMe(
  { page, ...ada }: Visitor,
  me: Newcomer,
  { mails, hook }: { mails: MailBox; hook: Receiver },
): Promise<void> {
  const verify = async (code: string | undefined, destination: RegExp) => {
    assert.ok(code, "a code of six digits");
    await page.getByLabel("The six-digit code").fill(code);
    await page.getByRole("button", { name: "Verify" }).click();
    await page.getByRole("listitem").filter({ hasText: destination }).getByText("verified").waitFor();
  };
  await page.getByRole("button", { name: "Add an e-mail address" }).click();
  await page.getByRole("button", { name: "Add and send a code" }).click();
  const mail = await mailTo(mails, me.email, /is your Keepwatch code/);
  await verify(/^\d{6}/.exec(mail.subject ?? "")?.[0], /ada@example\.com/);

  await page.getByRole("button", { name: "Add a webhook" }).click();
  await page.getByLabel("Address").fill(hook.url);
  await page.getByLabel("Secret").fill(HOOK_SECRET);
  await page.getByRole("button", { name: "Add and send a code" }).click();
  const sent: object = await hookOf(hook, "verification");
  await verify("code" in sent ? String(sent.code) : undefined, /127\.0\.0\.1/);

  await page.getByRole("button", { name: "Send a test" }).first().click();
  await page.getByText(/^Sent in/).waitFor();
  await mailTo(mails, me.email, /^Test from Keepwatch/);
  await ada.axe();
  await ada.shot("setup-reach");
  await page.getByRole("button", { name: "Go on" }).click();
}

/** Third step: the shop that comes along. */
export async function watchTheSampleShop({ page, ...ada }: Visitor): Promise<void> {
  await heading(page, "What should we watch?").waitFor();
  await page.getByRole("button", { name: "Watch the sample shop" }).waitFor();
  await ada.axe();
  await ada.shot("setup-watch");
  await page.getByRole("button", { name: "Watch the sample shop" }).click();
}

/** Fourth step: who is woken when I am not. */
export async function nameTheNext(
  { page, ...ada }: Visitor,
  next: { name: string; email: string },
  mails: MailBox,
): Promise<void> {
  await heading(page, "Who is next if you don't answer?").waitFor();
  await page.getByLabel("Their name").fill(next.name);
  await page.getByLabel("Their e-mail").fill(next.email);
  await ada.axe();
  await ada.shot("setup-next");
  await page.getByRole("button", { name: "Invite them" }).click();
  await heading(page, `${next.name} is next`).waitFor();
  await mailTo(mails, next.email, /invites you/);
  await page.getByRole("button", { name: "Finish" }).click();
  await heading(page, "Keepwatch keeps watch").waitFor();
  await page.getByText("You can be reached in 2 ways.").waitFor();
  await ada.axe();
}

/** The invited person can be paged, too: an administrator adds their address, and they tell the code they were sent. */
export async function makeReachable(page: Page, email: string, mails: MailBox): Promise<void> {
  const path = `/users/${email}/contact-methods`;
  const body = { slug: "mail", channel: "email", address: { email } };
  await as(page, { method: "POST", path, body });
  await as(page, { method: "POST", path: `${path}/mail/send-code` });
  const mail = await mailTo(mails, email, /is your Keepwatch code/);
  const code = /^\d{6}/.exec(mail.subject ?? "")?.[0];
  await as(page, { method: "POST", path: `${path}/mail/verify`, body: { code } });
}
