import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyHome } from "../support/home.ts";
import { eventually, freePort, startKeepwatch } from "../support/keepwatch.ts";
import { freshDatabase } from "../support/platform.ts";

const ALL = process.env.KEEPWATCH_SWEEP === "all";
const KEY = "0123456789abcdef0123456789abcdef";

/** Killed before the commit, the sender has no answer and sends again; after it, it may: either way it is one alert. */
for (const name of ALL ? ["received:before-commit", "received:committed"] : ["received:committed"])
  test(`what was sent while Keepwatch died at ${name} is one incident once it runs again`, async () => {
    await using home = await emptyHome();
    await using database = await freshDatabase();
    const env = { DATABASE_URL: database.url, KEEPWATCH_SECRET: "a secret for the test" };
    const options = { dataDir: home.dir, port: await freePort() };
    const deadly = await startKeepwatch({ ...options, env: { ...env, KEEPWATCH_FAILPOINT: name } });
    await deadly.api("POST", "/integrations", { slug: "scripts", kind: "generic", key: KEY });
    const send = () =>
      fetch(`${deadly.url}/in/${KEY}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ title: "Disk full", dedup_key: "disk" }),
      }).then(
        ({ status }) => status,
        () => "no answer",
      );
    assert.equal(await send(), "no answer");
    await deadly.died();
    assert.equal(deadly.child.signalCode, "SIGKILL", deadly.output());

    await using again = await startKeepwatch({ ...options, env });
    const open = () =>
      again.api<{ items: { title: string }[] }>("GET", "/incidents").then(({ items }) => items);
    if (name === "received:committed") await eventually("an incident", async () => (await open()).length > 0);
    assert.equal(await send(), 202);
    await eventually("an incident", async () => (await open()).length > 0);
    const { items: alerts } = await again.api<{ items: unknown[] }>("GET", "/alerts");
    assert.deepEqual([(await open()).map(({ title }) => title), alerts.length], [["Disk full"], 1]);
  });
