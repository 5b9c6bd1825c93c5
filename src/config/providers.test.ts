import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/support/platform.ts";
import { listProviders } from "../page/providers/providers.ts";
import { configure, inShort } from "./fixtures/configure.ts";

const TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
const bot = (token: string) =>
  `keepwatch: 1\nproviders:\n  - { slug: bot, kind: telegram, token: "${token}" }\n`;

test("a provider comes from the document, sealed; its export holds no secret and changes nothing", async () => {
  await using t = await testPlatform();
  const { make, export: write } = configure(t);
  assert.deepEqual(inShort(await make(bot(TOKEN))), ["+ providers bot"]);
  assert.deepEqual((await make(bot(TOKEN))).changes, []);
  const [row] = await listProviders(t.platform.db);
  assert.equal(row?.managed_by, "config");
  assert.ok(!JSON.stringify(row).includes(TOKEN));
  const text = await write();
  assert.match(text, /token: !secret unchanged/);
  assert.deepEqual((await make(text)).changes, []);
  assert.deepEqual(inShort(await make(bot(`${TOKEN}x`))), ["~ providers bot"]);
  const other = "keepwatch: 1\nproviders: [{ slug: bot, kind: ntfy }]\n";
  assert.deepEqual(inShort(await make(other)), ["~ providers bot"]);
  assert.deepEqual(inShort(await make("keepwatch: 1\n")), ["- providers bot"]);
});

test("what is wrong with a provider is named at its line", async () => {
  await using t = await testPlatform();
  const { apply } = configure(t);
  const said = async (entry: string) =>
    (await apply(`keepwatch: 1\nproviders:\n  - ${entry}\n`)).problems
      .map(({ line, message }) => `${line} ${message}`)
      .join("\n");
  assert.match(await said("{ slug: bot, kind: telegramm }"), /^3 there is no kind of provider "telegramm"/);
  assert.match(await said("{ slug: bot, kind: telegram }"), /^3 token/);
  assert.match(
    await said(`{ slug: bot, kind: telegram, token: "${TOKEN}", apiurl: x }`),
    /unknown key "apiurl"; did you mean "api_url"/,
  );
});

test("what the environment names is no part of the configuration", async () => {
  await using t = await testPlatform();
  const { export: write } = configure(t);
  await t.platform.db
    .insertInto("providers")
    .values({
      ...{
        id: "0193588e-0000-7000-8000-0000000000aa",
        slug: "telegram",
        kind: "telegram",
        settings: "{}" as never,
      },
      ...{ managed_by: "environment", created_at: t.clock.now(), updated_at: t.clock.now() },
    })
    .execute();
  assert.doesNotMatch(await write(), /telegram/);
});
