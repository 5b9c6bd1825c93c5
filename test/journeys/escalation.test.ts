import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { openBrowser } from "../support/browser.ts";
import { emptyHome } from "../support/home.ts";
import { eventually, freePort, type RunningKeepwatch, startKeepwatch } from "../support/keepwatch.ts";
import { freshDatabase } from "../support/platform.ts";
import { signIn } from "../support/sign-in.ts";
import { stepsOf } from "../support/steps.ts";
import { startReceiver, startTarget } from "../support/world.ts";

const SECRET = "a secret that signs";
const ADA = { email: "ada@example.com", password: "a few words to begin with" };
const BO = "bo@example.com";
const WAIT_MS = 2_000;

const people = (hook: string): string => `keepwatch: 1
users:
  - { email: ${ADA.email}, name: Ada, role: admin, contact_methods: [{ slug: hook, webhook: { url: "${hook}", secret: "${SECRET}" } }] }
  - { email: ${BO}, name: Bo, contact_methods: [{ slug: hook, webhook: { url: "${hook}", secret: "${SECRET}" } }] }
`;

/** First Ada, two seconds later Bo. */
async function arrange({ api }: RunningKeepwatch, target: string): Promise<void> {
  await api("POST", "/escalation-policies", {
    slug: "web",
    name: "Web",
    repeat: 3,
    levels: [
      { targets: [{ user: ADA.email }], wait: "2s" },
      { targets: [{ user: BO }], wait: "2s" },
    ],
  });
  await api("POST", "/services", { slug: "shop", name: "Shop", escalation_policy: "web" });
  await api("POST", "/monitors", {
    slug: "shop-home",
    name: "Shop front page",
    service: "shop",
    kind: "http",
    url: target,
    every: "1s",
    confirm: { failures: 2, retry_every: "1s" },
  });
}

test("when nobody acknowledges, the next person is paged as soon as the policy says", async (t) => {
  await using home = await emptyHome();
  await using database = await freshDatabase();
  await using target = await startTarget();
  await using receiver = await startReceiver(SECRET);
  await mkdir(home.dir);
  const config = join(home.dir, "people.yaml");
  await writeFile(config, people(receiver.url));
  await using keepwatch = await startKeepwatch({
    dataDir: home.dir,
    port: await freePort(),
    env: {
      DATABASE_URL: database.url,
      KEEPWATCH_SECRET: "a secret for the journeys",
      KEEPWATCH_CONFIG: config,
      KEEPWATCH_ADMIN_EMAIL: ADA.email,
      KEEPWATCH_ADMIN_PASSWORD: ADA.password,
    },
  });
  await arrange(keepwatch, target.url);
  await using browser = await openBrowser();
  await using visitor = await browser.visitor();
  const { page } = visitor;
  const step = stepsOf(t, () => [page]);
  const pageOf = (email: string) =>
    receiver.received.find(({ type, person }) => type === "page" && person.email === email);

  await step("the first level is paged, and the overview names it and whom it would wake next", async () => {
    await signIn(page, keepwatch.url, ADA);
    await page.getByRole("heading", { level: 1, name: "All is well" }).waitFor();
    target.answer.status = 503;
    await page.getByRole("heading", { level: 1, name: "1 incident waits for somebody" }).waitFor();
    await eventually("Ada's page", () => pageOf(ADA.email));
  });

  await step("after its wait, and not before, the second level is paged", async () => {
    const first = await eventually("Ada's page", () => pageOf(ADA.email));
    const second = await eventually("Bo's page", () => pageOf(BO));
    assert.equal(second.incident.id, first.incident.id);
    const { items } = await keepwatch.api<{
      items: { person: { name: string }; level: number; created_at: string }[];
    }>("GET", `/pages?incident=${first.incident.id}`);
    // By Keepwatch's own record: when a message arrives is also a matter of who else is busy here.
    const madeAt = (level: number) =>
      Date.parse(items.find((each) => each.level === level)?.created_at ?? "");
    const waited = madeAt(2) - madeAt(1);
    assert.ok(waited >= WAIT_MS && waited < WAIT_MS + 1_500, `Bo was paged ${waited} ms after Ada`);
    const levels = new Set(items.map(({ person, level }) => `${person.name}, level ${level}`));
    assert.ok(levels.has("Ada, level 1") && levels.has("Bo, level 2"), [...levels].join("; "));
  });

  await step(
    "Bo's answer through the webhook's link shows on the open page and ends the ringing",
    async () => {
      const bo = await eventually("Bo's page", () => pageOf(BO));
      const answer = await fetch(bo.actions.acknowledge.url, { method: "POST" });
      assert.equal(answer.status, 200);
      await page.getByRole("heading", { level: 1, name: "1 incident open, in hand" }).waitFor();
      await page.getByText("Bo is on it").filter({ visible: true }).first().waitFor();
      const rung = receiver.received.filter(({ type }) => type === "page").length;
      await new Promise((done) => setTimeout(done, 2 * WAIT_MS));
      assert.equal(receiver.received.filter(({ type }) => type === "page").length, rung);
      assert.equal(receiver.badSignatures, 0);
    },
  );

  await step("the incident's page tells who was paged and who took it", async () => {
    await page
      .getByRole("link", { name: /Shop front page/ })
      .first()
      .click();
    await page.waitForURL(/\/incidents\//);
    await page.getByText("Bo").filter({ visible: true }).first().waitFor();
    await page.getByText("Ada").filter({ visible: true }).first().waitFor();
    await visitor.axe();
  });

  visitor.assertCalm();
});
