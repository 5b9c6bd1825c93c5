import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { stringify } from "yaml";
import { testPlatform } from "../../test/support/platform.ts";
import { configure, inShort } from "./fixtures/configure.ts";
import { documents } from "./fixtures/documents.ts";
import { EXAMPLE } from "./fixtures/example.ts";

test("an export holds no secret and, applied, changes nothing", async () => {
  await using t = await testPlatform();
  const { make, export: write } = configure(t);
  await make(EXAMPLE);
  const text = await write();
  assert.doesNotMatch(text, /hush|open-sesame/);
  assert.match(text, /secret: !secret unchanged/);
  assert.deepEqual((await make(text)).changes, []);
});

test("an export leaves defaults out and writes times of the schedule's zone", async () => {
  await using t = await testPlatform();
  const { make, export: write } = configure(t);
  await make(EXAMPLE);
  const text = await write();
  assert.match(text, /from: 2026-12-24T18:00\n/);
  assert.match(text, /- slug: pay\n {2}- slug: shop/);
  assert.doesNotMatch(text, /urgency|visibility|repeat: 0|paused/);
});

test("a secret that is not on the server has to be given", async () => {
  await using from = await testPlatform();
  await using to = await testPlatform();
  await configure(from).make(EXAMPLE);
  const text = await configure(from).export();
  const { problems } = await configure(to).apply(text);
  assert.deepEqual(
    problems.map(({ message }) => message),
    Array(2).fill("there is no stored secret to keep; give its value"),
  );
  const given = text.replaceAll("!secret unchanged", "${ADA_HOOK_SECRET}");
  assert.equal((await configure(to).make(given)).changes.length, 9);
  assert.equal(await configure(to).export(), text);
});

test("what looks like a reference is literal after the round trip", async () => {
  await using t = await testPlatform();
  const { make, export: write } = configure(t);
  await make('keepwatch: 1\nservices: [{ slug: shop, name: "$${HOME} and $$${x}" }]\n');
  const { name } = await t.platform.db.selectFrom("services").select("name").executeTakeFirstOrThrow();
  assert.equal(name, "${HOME} and $${x}");
  assert.deepEqual((await make(await write())).changes, []);
});

test("any document: applied it holds, twice changes nothing, and so does its export", async () => {
  await using t = await testPlatform();
  const { make, export: write } = configure(t);
  await t.user({ email: "admin@example.com", role: "admin" });
  const check = async (document: unknown) => {
    const text = stringify(document, { aliasDuplicateObjects: false });
    await make(text);
    assert.deepEqual(inShort(await make(text)), [], "twice");
    const exported = await write();
    assert.deepEqual(inShort(await make(exported)), [], "export and apply");
    assert.deepEqual(inShort(await make(text)), [], "the document again");
    assert.equal(await write(), exported, "the same export");
  };
  await fc.assert(fc.asyncProperty(documents, check), { numRuns: 12, seed: 7243 });
});
