import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { openBrowser } from "../support/browser.ts";
import { emptyHome } from "../support/home.ts";
import { eventually, freePort, startKeepwatch } from "../support/keepwatch.ts";
import { stepsOf } from "../support/steps.ts";
import { startMailBox, startReceiver } from "../support/world.ts";
import {
  HOOK_SECRET,
  heading,
  hookOf,
  mailTo,
  nameTheNext,
  sayHowToReachMe,
  sayWhoIAm,
  watchTheSampleShop,
} from "./set-up.ts";

const ADA = { name: "Ada Lindqvist", email: "ada@example.com", password: "keep the light on" };
const VERA = { name: "Vera Holm", email: "vera@example.com", password: "reading is enough" };
const BO = { name: "Bo Marsh", email: "bo@example.com" };

/** Calls the API as the page's own person would: with their session. */
async function as<T>(page: Page, call: { method: string; path: string; body?: unknown }): Promise<T> {
  const response = await page.request.fetch(new URL(`/api/v1${call.path}`, page.url()).href, {
    method: call.method,
    data: call.body,
    headers: { origin: new URL(page.url()).origin },
  });
  assert.ok(
    response.ok(),
    `${call.method} ${call.path} answered ${response.status()}: ${await response.text()}`,
  );
  return response.status() === 204 ? (undefined as T) : ((await response.json()) as T);
}

test("the first hour: from an empty folder to a published postmortem", async (t) => {
  await using home = await emptyHome();
  await using mails = await startMailBox();
  await using hook = await startReceiver(HOOK_SECRET);
  await using keepwatch = await startKeepwatch({
    dataDir: home.dir,
    port: await freePort(),
    env: { KEEPWATCH_SMTP_URL: mails.url, KEEPWATCH_API_TOKEN: "" },
    startMs: 60_000,
  });
  await using browser = await openBrowser();
  await using ada = await browser.visitor();
  await using stranger = await browser.visitor();
  await using vera = await browser.visitor();
  const { page } = ada;
  const step = stepsOf(t, () => [page, stranger.page, vera.page]);

  await step(
    "the link that the start printed leads to the set-up, where the first account is made",
    async () => {
      await sayWhoIAm(ada, ADA, keepwatch.output());
  });

  await step("mail and webhook carry pages once the code that each was sent is entered", async () => {
    await sayHowToReachMe(ada, ADA, { mails, hook });
  });

  await step("the sample shop is watched at one click", () => watchTheSampleShop(ada));

  await step("somebody is invited to be next, and is told by mail", () => nameTheNext(ada, BO, mails));

  await step("the shop is up within seconds, with a live chart", async () => {
    await page.getByRole("link", { name: "See the shop's monitor" }).click();
    await heading(page, "Sample shop front page").waitFor();
    await page.getByLabel("State").getByText("Up", { exact: true }).waitFor();
    await page.locator("figure canvas").first().waitFor();
    await ada.axe();
  });

  await step("broken with one click, it is an incident on the open page without a reload", async () => {
    await page.goto(keepwatch.url);
    await heading(page, "All is well").waitFor();
    await as(page, { method: "POST", path: "/sample-shop", body: { mode: "errors" } });
    await heading(page, "1 incident waits for somebody").waitFor({ timeout: 20_000 });
    await page.getByRole("article").getByText("Sample shop").first().waitFor();
    await ada.axe();
  });

  await step(
    "the page arrives by mail: what failed, since when, who else, the runbook, one tap to answer",
    async () => {
      const mail = await mailTo(mails, ADA.email, /^\[SEV2\] .*Sample shop/);
      const text = mail.text ?? "";
      assert.match(text, /502/);
      assert.match(text, /wanted 200-299|200–299/);
      assert.match(text, /Europe\/Stockholm/);
      assert.match(text, /Press \*\*Mend it\*\*/);
      assert.match(text, /Nobody else has been paged/);
      assert.match(text, new RegExp(`Incident: ${keepwatch.url}/incidents/`));
      assert.match(String(mail.html), /Acknowledge/);
    },
  );

  await step("and by webhook, signed, with the same facts", async () => {
    const page = await hookOf(hook, "page");
    assert.equal(hook.badSignatures, 0);
    assert.equal(page.person.email, ADA.email);
    assert.equal(page.incident.status, "triggered");
    assert.match(page.incident.title, /Sample shop/);
    for (const verb of ["acknowledge", "resolve", "escalate"] as const)
      assert.match(page.actions[verb].url, new RegExp(`^${keepwatch.url}/a/`));
  });

  await step(
    "the link in the mail acknowledges without signing in, and only when its button is pressed",
    async () => {
      const mail = await mailTo(mails, ADA.email, /^\[SEV2\] .*Sample shop/);
      const link = /^Acknowledge: (\S+)$/m.exec(mail.text ?? "")?.[1];
      assert.ok(link, mail.text);
      await stranger.page.goto(link);
      const button = stranger.page.getByRole("button", { name: "Acknowledge" });
      await button.waitFor();
      await stranger.axe();
      await stranger.shot("ack-link");
      for (const method of ["GET", "HEAD"]) await fetch(link, { method });
      const [before] = (await incidents(page)).items;
      assert.equal(before?.status, "triggered", "looking changes nothing");
      await button.click();
      await stranger.page
        .getByText(/acknowledged/i)
        .first()
        .waitFor();
      await heading(page, "1 incident open, in hand").waitFor();
      const [after] = (await incidents(page)).items;
      assert.equal(after?.status, "acknowledged");
      assert.equal(after?.acknowledged_by?.name, ADA.name);
    },
  );

  await step("then nobody else is waited for", async () => {
    const [incident] = (await incidents(page)).items;
    assert.equal(incident?.next_escalation, null);
    await page.getByRole("article").getByRole("link", { name: incident!.title }).click();
    await page.waitForURL(/\/incidents\//);
    await page
      .getByText(/is on it/)
      .filter({ visible: true })
      .first()
      .waitFor();
    await ada.axe();
  });

  await step("mended, it resolves itself before one's eyes, and those who were paged are told", async () => {
    await as(page, { method: "POST", path: "/sample-shop", body: { mode: "fine" } });
    await page.getByRole("button", { name: "Write the postmortem" }).waitFor({ timeout: 20_000 });
    await mailTo(mails, ADA.email, /^Resolved: \[SEV2\] .*Sample shop/);
    await hookOf(hook, "resolved");
  });

  visitorsCalm(ada, stranger, vera);
});

const visitorsCalm = (...visitors: { assertCalm(): void }[]): void => {
  for (const visitor of visitors) visitor.assertCalm();
};

interface IncidentItem {
  id: string;
  title: string;
  status: string;
  acknowledged_by: { name: string } | null;
  next_escalation: unknown;
}
const incidents = (page: Page) => as<{ items: IncidentItem[] }>(page, { method: "GET", path: "/incidents" });
