import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { as } from "../support/as.ts";
import { openBrowser } from "../support/browser.ts";
import { emptyHome } from "../support/home.ts";
import { freePort, startKeepwatch } from "../support/keepwatch.ts";
import type { Screen } from "../support/screens.ts";
import { signIn } from "../support/sign-in.ts";
import { stepsOf } from "../support/steps.ts";

/** Places that only have to be there, look right and hold no barrier. */
const PLACES: readonly [path: string, screen: Screen][] = [
  ["/incidents?tab=resolved", "incidents"],
  ["/monitors", "monitors"],
  ["/monitors/checkout-basket", "monitor"],
  ["/services", "services"],
  ["/services/checkout", "service"],
  ["/oncall", "oncall"],
  ["/oncall/schedules/platform-sun", "schedule"],
  ["/oncall?tab=policies", "policies"],
  ["/postmortems", "postmortems"],
  ["/problems", "problems"],
  ["/problems/1", "problem"],
  ["/settings", "settings-profile"],
  ["/settings/contact", "settings-contact"],
  ["/settings/people", "settings-people"],
  ["/settings/teams", "settings-teams"],
  ["/settings/tokens", "settings-tokens"],
  ["/settings/audit", "settings-audit"],
  ["/settings/installation", "settings-installation"],
];

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });

/** Waits until what was asked for has come. */
async function loaded(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.locator("main .breathe").first().waitFor({ state: "hidden" });
}

test("the demo shows a team's ninety days to whoever signs in as it says", async (t) => {
  await using home = await emptyHome();
  const began = performance.now();
  await using keepwatch = await startKeepwatch({
    dataDir: home.dir,
    port: await freePort(),
    command: "demo",
    env: { KEEPWATCH_API_TOKEN: "" },
    startMs: 90_000,
  });
  t.diagnostic(`ready after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  const { url, output } = keepwatch;
  await using browser = await openBrowser();
  await using visitor = await browser.visitor();
  const { page } = visitor;
  const step = stepsOf(t, () => [page]);

  await step("the account that the start printed signs in, and all is well", async () => {
    const [, email, password] = /Sign in as (\S+) with the password (\S+)/.exec(output()) ?? [];
    assert.ok(email && password, output());
    await page.goto(url);
    await page.getByLabel("E-mail").waitFor();
    await visitor.axe();
    await visitor.shot("sign-in");
    await signIn(page, url, { email, password });
    await heading(page, "All is well").waitFor();
    await page.getByText("last 90 days").waitFor();
    await visitor.axe();
    await visitor.shot("overview");
  });

  for (const [path, screen] of PLACES) {
    await step.aside(`${path} can be read by everybody`, async () => {
      await page.goto(`${url}${path}`);
      await loaded(page);
      await visitor.axe();
      await visitor.shot(screen);
      visitor.assertCalm();
    });
  }

  await step("pasting an address tries it at once and shows what came", async () => {
    const { url: shop } = await as<{ url: string }>(page, { method: "GET", path: "/sample-shop" });
    await page.goto(`${url}/monitors/new`);
    await page.getByLabel("What should we watch?").fill(shop);
    await page.getByText("Add to basket").first().waitFor();
    await visitor.axe();
    await visitor.shot("monitor-new");
  });

  await step("what if checkout fails on Saturday at three in the morning: who would be paged", async () => {
    await page.goto(`${url}/oncall?tab=simulate&service=checkout`);
    await page.getByRole("button", { name: "See who is paged" }).click();
    await page
      .getByRole("main")
      .getByText("Dana Reyes")
      .or(page.getByRole("main").getByText("Chidi Okafor"))
      .first()
      .waitFor();
    await visitor.axe();
    await visitor.shot("simulator");
  });

  await step(
    "work is planned and seen in advance, and a service is muted while somebody deploys",
    async () => {
      await page.goto(`${url}/maintenance`);
      await page.getByRole("button", { name: "Plan work" }).first().click();
      await page.getByLabel("What is done").fill("Backup of the catalogue");
      await page.getByLabel("How often").selectOption("monthly");
      await page.getByText(/^Every month on .+, 1 h each$/).waitFor();
      await page.getByLabel("Catalogue", { exact: true }).check();
      await visitor.axe();
      await page.getByRole("button", { name: "Plan it" }).click();
      await page.getByRole("heading", { name: "Planned" }).waitFor();
      await visitor.axe();
      await visitor.shot("maintenance");
      await page.goto(`${url}/services/reports`);
      await page.getByRole("button", { name: "Mute" }).click();
      await page.getByRole("dialog").getByLabel("Why?").fill("I deploy");
      await page.getByRole("dialog").getByRole("button", { name: "Mute" }).click();
      await page.getByText(/^Muted until .+: I deploy\.$/).waitFor();
      await page.goto(url);
      await page.getByText("Muted: service reports").waitFor();
      await visitor.axe();
      await page.goto(`${url}/services/reports`);
      await page.getByRole("button", { name: "Unmute" }).click();
      await page.getByText("pages again").waitFor();
    },
  );

  await step("the library finds a postmortem by a word in it", async () => {
    await page.goto(`${url}/postmortems`);
    await page.getByRole("searchbox").fill("connections");
    await page.locator("mark").first().waitFor();
    await page.getByRole("link", { name: /ran out of database connections/ }).click();
    await heading(page, /ran out of database connections/).waitFor();
    await loaded(page);
    await visitor.axe();
    await visitor.shot("postmortem");
  });

  await step("an old failure that comes back brings what fixed it and what was promised", async () => {
    const shop = await as<{ url: string }>(page, { method: "GET", path: "/sample-shop" });
    const basket = (body: object) => as(page, { method: "PATCH", path: "/monitors/checkout-basket", body });
    await basket({ url: shop.url, every: "2s" });
    await as(page, { method: "POST", path: "/sample-shop", body: { mode: "errors" } });
    await page.goto(url);
    await heading(page, /waits? for somebody/).waitFor({ timeout: 30_000 });
    await basket({ every: "30s" });
    await page
      .getByRole("article")
      .getByText(/ paged$/)
      .waitFor();
    await visitor.axe();
    await visitor.shot("overview-burning");
    await page
      .getByRole("article")
      .getByRole("link", { name: /Basket/ })
      .first()
      .click();
    await page.getByRole("heading", { name: "Seen before" }).waitFor();
    await loaded(page);
    await visitor.axe();
    await visitor.shot("incident");
  });

  await step("once mended, everything is well again by itself", async () => {
    await as(page, { method: "POST", path: "/sample-shop", body: { mode: "fine" } });
    await page.goto(url);
    await heading(page, "All is well").waitFor({ timeout: 60_000 });
  });

  visitor.assertCalm();
});
