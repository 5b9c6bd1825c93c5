import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { as } from "../support/as.ts";
import type { Visitor } from "../support/browser.ts";
import type { MailBox, Received, Receiver } from "../support/world.ts";
import { heading, hookOf, mailTo, type Newcomer } from "./set-up.ts";

export interface IncidentItem {
  id: string;
  number: number;
  title: string;
  status: string;
  alerts: { reason: string }[];
  acknowledged_by: { name: string } | null;
  next_escalation: unknown;
}

/** The newest incident, as its reader may see it. */
export async function newestIncident(page: Page): Promise<IncidentItem> {
  const { items } = await as<{ items: IncidentItem[] }>(page, { method: "GET", path: "/incidents" });
  assert.ok(items[0], "an incident");
  return items[0];
}

/** What names a burning incident on every page. */
export const strip = (page: Page) => page.getByRole("region", { name: "Burning incident" });

/** The shop is broken on its monitor's page, which then says so by itself; so does the overview, with who is next. */
export async function breakTheShop({ page, ...ada }: Visitor, next: string): Promise<void> {
  await page.getByRole("button", { name: "Answer 502" }).click();
  await strip(page).getByText("Sample shop front page is down").waitFor({ timeout: 20_000 });
  await page.getByLabel("State").getByText("Down", { exact: true }).waitFor();
  await ada.axe();
  await page.getByRole("link", { name: "Overview" }).filter({ visible: true }).first().click();
  await heading(page, "1 incident waits for somebody").waitFor();
  await page.getByRole("article").getByText(`next ${next}`).waitFor();
  await ada.axe();
}

const PAGE_SUBJECT = /^\[SEV2\] .*Sample shop/;

/** What failed, since when, who else, the runbook, one tap to answer. */
export async function readTheMail(mails: MailBox, me: Newcomer, url: string): Promise<void> {
  const mail = await mailTo(mails, me.email, PAGE_SUBJECT);
  const text = mail.text ?? "";
  assert.match(text, /\[status\] 502, wanted 200–299/);
  assert.match(text, /Failing since .* Europe\/Stockholm \(.* UTC\)/);
  assert.match(text, /Nobody else has been paged/);
  assert.match(text, /Runbook:\n+1\. Open the shop/);
  assert.ok(text.includes(`Incident: ${url}/incidents/`), text);
  assert.match(String(mail.html), /<a [^>]*>Acknowledge<\/a>/);
}

export async function readTheHook(hook: Receiver, me: Newcomer, url: string): Promise<Received> {
  const page = await hookOf(hook, "page");
  assert.equal(hook.badSignatures, 0);
  assert.equal(page.person.email, me.email);
  assert.equal(page.incident.status, "triggered");
  assert.equal(page.incident.title, "Sample shop front page is down");
  for (const verb of ["acknowledge", "resolve", "escalate"] as const)
    assert.ok(page.actions[verb].url.startsWith(`${url}/a/`), page.actions[verb].url);
  return page;
}

/** The link from the mail, opened by a browser that nobody signed in to. Looking changes nothing. */
export async function answerByMail(
  stranger: Visitor,
  { mails, me, watching }: { mails: MailBox; me: Newcomer; watching: Page },
): Promise<void> {
  const mail = await mailTo(mails, me.email, PAGE_SUBJECT);
  const link = /^Acknowledge: (\S+)$/m.exec(mail.text ?? "")?.[1];
  assert.ok(link, mail.text ?? "no text");
  await stranger.page.goto(link);
  const button = stranger.page.getByRole("button", { name: "Acknowledge" });
  await button.waitFor();
  await stranger.axe();
  await stranger.shot("ack-link");
  for (const method of ["GET", "HEAD"]) assert.ok((await fetch(link, { method })).ok);
  assert.equal((await newestIncident(watching)).status, "triggered", "looking changes nothing");
  await button.click();
  await stranger.page
    .getByText(/acknowledged/i)
    .first()
    .waitFor();
  await heading(watching, "1 incident open, in hand").waitFor();
  const { status, acknowledged_by: by } = await newestIncident(watching);
  assert.deepEqual([status, by?.name], ["acknowledged", me.name]);
}

/** On the incident's own page, from the overview. */
export async function openIncident({ page, ...ada }: Visitor): Promise<void> {
  const incident = await newestIncident(page);
  assert.equal(incident.next_escalation, null, "nobody else is waited for");
  await page.getByRole("article").getByRole("link", { name: incident.title }).click();
  await page.waitForURL(/\/incidents\//);
  await page.getByRole("main").getByText("is on it").waitFor();
  await page.getByText("email link").first().waitFor();
  await ada.axe();
}

/** Mended in another tab; the open page tells the end by itself. */
export async function mendTheShop(
  { page }: Visitor,
  { mails, hook, me }: { mails: MailBox; hook: Receiver; me: Newcomer },
): Promise<void> {
  const tab = await page.context().newPage();
  await tab.goto(new URL("/monitors/sample-shop", page.url()).href);
  await tab.getByRole("button", { name: "Mend it" }).click();
  await page.getByRole("button", { name: "Write the postmortem" }).waitFor({ timeout: 20_000 });
  await page.getByRole("heading", { name: "What failed" }).waitFor();
  await tab.close();
  await mailTo(mails, me.email, /^Resolved: \[SEV2\] .*Sample shop/);
  await hookOf(hook, "resolved");
}

/** The other ways in which the shop can fail: the button, and what the incident gives as its reason. */
export const OTHER_FAILURES = [
  { name: "slow", button: "Be slow", reason: /^\[latency\] 2\.\d+ s|^\[latency\] 2[,.]?\d{3} ms/ },
  { name: "a wrong page", button: "Show the wrong page", reason: /^\[body\] .*Add to basket/ },
  { name: "not listening", button: "Go away", reason: /^\[refused\] nothing accepts connections/ },
] as const;

/** From the monitor's page: broken in that way, seen, mended, over. */
export async function breakAgain(
  { page }: Visitor,
  { button, reason }: (typeof OTHER_FAILURES)[number],
): Promise<void> {
  const before = (await newestIncident(page)).number;
  await page.getByRole("button", { name: button }).click();
  await strip(page).getByRole("link").waitFor({ timeout: 20_000 });
  const incident = await newestIncident(page);
  assert.equal(incident.number, before + 1, "an incident of its own");
  assert.match(incident.alerts[0]?.reason ?? "", reason);
  await page.getByRole("button", { name: "Mend it" }).click();
  await strip(page).waitFor({ state: "hidden", timeout: 20_000 });
}

/** Every step of the record, oldest first. */
export async function timelineKinds(page: Page): Promise<string[]> {
  const { id } = await newestIncident(page);
  const { items } = await as<{ items: { kind: string }[] }>(page, {
    method: "GET",
    path: `/incidents/${id}/timeline`,
  });
  return items.map(({ kind }) => kind);
}
