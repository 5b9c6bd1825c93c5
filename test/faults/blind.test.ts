import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { emptyHome } from "../support/home.ts";
import { startHooks } from "../support/hooks.ts";
import { eventually, freePort, startKeepwatch } from "../support/keepwatch.ts";
import { freshDatabase } from "../support/platform.ts";
import { startUplink } from "../support/uplink.ts";
import { startTarget } from "../support/world.ts";

// Of a part of the address space that was never given to anybody.
const REFERENCE = "4000::1";
const TARGETS = { shop: "4000::2", till: "4000::3", mail: "4000::4" };
const SLUGS = Object.keys(TARGETS).sort();
const EVERY = "every: 1s, timeout: 2s, confirm: { failures: 2, retry_every: 1s }";

const person = (name: string, role: string, hooks: string) =>
  `{ email: ${name}@example.com, name: ${name}, role: ${role}, ` +
  `contact_methods: [{ slug: hook, webhook: { url: "${hooks}/${name}/1", secret: s3cret } }] }`;

/** Ada looks after Keepwatch, Bo after what is watched. */
const config = (hooks: string): string => `keepwatch: 1
users:
  - ${person("ada", "admin", hooks)}
  - ${person("bo", "responder", hooks)}
escalation_policies: [{ slug: web, levels: [{ targets: [{ user: bo@example.com }], wait: 10m }] }]
services: [{ slug: web, escalation_policy: web }]
monitors:
${Object.entries(TARGETS)
  .map(
    ([slug, address]) =>
      `  - { slug: ${slug}, kind: http, service: web, url: "http://[${address}]/", ${EVERY} }`,
  )
  .join("\n")}
`;

interface Monitor {
  slug: string;
  status: string;
}
interface Alert {
  title: string;
  reason: string;
  status: string;
}

test("when Keepwatch's own line is cut, its administrator hears of that once and nobody of the targets", async () => {
  await using home = await emptyHome();
  await using database = await freshDatabase();
  await using hooks = await startHooks();
  await using target = await startTarget();
  await using mailTarget = await startTarget();
  const port = Number(new URL(target.url).port);
  await using uplink = await startUplink({
    ...{ [REFERENCE]: port, [TARGETS.shop]: port, [TARGETS.till]: port },
    [TARGETS.mail]: Number(new URL(mailTarget.url).port),
  });
  await mkdir(home.dir);
  const file = join(home.dir, "keepwatch.yaml");
  await writeFile(file, config(hooks.url));
  await using keepwatch = await startKeepwatch({
    dataDir: home.dir,
    port: await freePort(),
    env: {
      ...{ DATABASE_URL: database.url, KEEPWATCH_SECRET: "a secret for the test", KEEPWATCH_CONFIG: file },
      ...{ KEEPWATCH_REFERENCES: `http://[${REFERENCE}]/`, ...uplink.env },
    },
  });
  const items = async <T>(path: string) => (await keepwatch.api<{ items: T[] }>("GET", path)).items;
  const statuses = new Set<string>();
  const allAre = (status: string) =>
    eventually(`every target being ${status}`, async () => {
      const monitors = await items<Monitor>("/monitors");
      assert.deepEqual(monitors.map(({ slug }) => slug).sort(), SLUGS);
      for (const each of monitors) statuses.add(each.status);
      return monitors.every((each) => each.status === status);
    });
  const pages = () => hooks.heard.filter(({ type }) => type === "page").map(({ person }) => person);

  await allAre("up");
  await uplink.cut();
  await allAre("unknown");
  await eventually("a page about the blindness", () => pages().length > 0);
  const [alert, ...others] = await items<Alert>("/alerts");
  assert.deepEqual(others, []);
  assert.match(alert?.title ?? "", /^Keepwatch can't see: this prober can't reach anything/);
  assert.match(alert?.reason ?? "", /\[4000::1\] did not answer \(ECONNREFUSED\)/);

  await uplink.mend();
  await allAre("up");
  const ended = await eventually("the alert's end", async () => {
    const alerts = await items<Alert>("/alerts");
    return alerts.every(({ status }) => status === "resolved") && alerts;
  });
  assert.equal(ended.length, 1, "the cut was one alert in all");
  assert.ok(!statuses.has("down"), "no target was called down");
  assert.deepEqual(pages(), ["ada"], "Bo slept on");

  mailTarget.answer.status = 502;
  await eventually("a page about a target's own failure", () => pages().length > 1);
  assert.deepEqual(pages(), ["ada", "bo"]);
});
