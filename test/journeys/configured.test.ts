import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { openBrowser } from "../support/browser.ts";
import { emptyHome } from "../support/home.ts";
import { eventually, freePort, startKeepwatch } from "../support/keepwatch.ts";
import { freshDatabase } from "../support/platform.ts";
import { stepsOf } from "../support/steps.ts";
import { startTarget } from "../support/world.ts";

const EMAIL = "ada@example.com";
const PASSWORD = "a few words to begin with";

const config = (target: string): string => `keepwatch: 1
users:
  - { email: ${EMAIL}, name: Ada, role: admin, time_zone: Europe/Paris }
  - { email: bo@example.com, name: Bo, time_zone: Europe/London }
teams: [{ slug: web, name: Web, members: [${EMAIL}, bo@example.com] }]
schedules:
  - slug: web-primary
    name: Web, primary
    team: web
    time_zone: Europe/Paris
    layers: [{ rotation: weekly, starts: 2026-01-05T09:00, users: [${EMAIL}, bo@example.com] }]
escalation_policies: [{ slug: web, name: Web, levels: [{ targets: [{ schedule: web-primary }], wait: 5m }] }]
services: [{ slug: shop, name: Shop, team: web, escalation_policy: web }]
monitors:
  - { slug: shop-home, name: Shop front page, kind: http, service: shop, url: "${target}", every: 1s }
`;

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });

test("an installation described in a file is used by keyboard and by thumb", async (t) => {
  await using home = await emptyHome();
  await using database = await freshDatabase();
  await using target = await startTarget();
  await mkdir(home.dir);
  const file = join(home.dir, "keepwatch.yaml");
  await writeFile(file, config(target.url));
  await using keepwatch = await startKeepwatch({
    dataDir: home.dir,
    port: await freePort(),
    env: {
      DATABASE_URL: database.url,
      KEEPWATCH_SECRET: "a secret for the journeys",
      KEEPWATCH_CONFIG: file,
      KEEPWATCH_ADMIN_EMAIL: EMAIL,
      KEEPWATCH_ADMIN_PASSWORD: PASSWORD,
    },
  });
  await using browser = await openBrowser();
  await using visitor = await browser.visitor();
  const { page } = visitor;
  const step = stepsOf(t, () => [page]);

  await step("signing in leads to where one wanted to go", async () => {
    await page.goto(`${keepwatch.url}/services/shop`);
    await page.getByLabel("E-mail").fill(EMAIL);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await heading(page, "Shop").waitFor();
    assert.equal(new URL(page.url()).pathname, "/services/shop");
  });

  await step("the palette finds a monitor by its name", async () => {
    await page.keyboard.press("Control+k");
    const search = page.getByRole("combobox");
    await search.fill("front pa");
    await page.getByRole("option", { name: /Shop front page/ }).waitFor();
    await visitor.axe();
    await page.keyboard.press("Enter");
    await heading(page, "Shop front page").waitFor();
    assert.equal(new URL(page.url()).pathname, "/monitors/shop-home");
  });

  await step("two keys go from place to place, and ? lists them all", async () => {
    const places = [
      ["g i", "/incidents"],
      ["g m", "/monitors"],
      ["g o", "/oncall"],
      ["g p", "/postmortems"],
    ] as const;
    for (const [keys, path] of places) {
      for (const key of keys.split(" ")) await page.keyboard.press(key);
      await page.waitForURL(`${keepwatch.url}${path}`);
    }
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await visitor.axe();
    await page.keyboard.press("Escape");
  });

  await step("the chosen theme stays, also after a reload", async () => {
    const theme = () => page.evaluate<string>("document.documentElement.dataset.theme");
    assert.equal(await theme(), "light");
    await page.getByRole("button", { name: /profile and settings/ }).click();
    await page.getByRole("menuitemradio", { name: "Dark", exact: true }).click();
    await eventually("the dark theme", async () => (await theme()) === "dark");
    await page.reload();
    await page.getByRole("heading", { level: 1 }).waitFor();
    assert.equal(await theme(), "dark");
    const me = await page.evaluate<string>("fetch('/api/v1/me').then((r) => r.text())");
    assert.equal(JSON.parse(me).user.theme, "dark", "kept with the person, for their other devices");
  });

  await step(
    "on a phone a bar at the bottom leads everywhere, and nothing is wider than the screen",
    async () => {
      await page.setViewportSize({ width: 390, height: 844 });
      const bar = page.getByRole("navigation", { name: "Main" }).filter({ visible: true });
      for (const place of ["Overview", "Incidents", "Monitors", "On call", "Postmortems"]) {
        await bar.getByRole("link", { name: place }).click();
        await page.getByRole("heading", { level: 1 }).waitFor();
        await assertFits(page);
      }
      await bar.getByRole("button", { name: "More" }).click();
      await page.getByRole("dialog").getByRole("link", { name: "Settings" }).click();
      await page.waitForURL(/\/settings/);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await assertFits(page);
      await visitor.axe();
    },
  );

  visitor.assertCalm();
});

async function assertFits(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle").catch(() => {});
  const width = await page.evaluate<number>("document.documentElement.scrollWidth");
  assert.ok(width <= 390, `${page.url()} is ${width} px wide on a screen of 390`);
}
