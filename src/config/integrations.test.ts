import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/support/platform.ts";
import { integrationsByHash, keyHash } from "../alert/integrations/known.ts";
import { configure, inShort } from "./fixtures/configure.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const written = (more = "", kind = "alertmanager") =>
  `keepwatch: 1\nservices: [{ slug: shop }]\nintegrations:\n  - { slug: prom, kind: ${kind}, service: shop${more} }\n`;

test("an integration comes from the document with its key; its export holds no key and changes nothing", async () => {
  await using t = await testPlatform();
  const { make, export: write } = configure(t);
  const text = written(`, key: ${KEY}, auto_resolve_after: 60m, severities: { page: { severity: SEV1 } }`);
  assert.deepEqual(inShort(await make(text)), ["+ services shop", "+ integrations prom"]);
  assert.deepEqual((await make(text)).changes, []);
  assert.equal((await integrationsByHash(t.platform, [keyHash(KEY)]))[0]?.slug, "prom");
  const exported = await write();
  assert.match(exported, /key: !secret unchanged/);
  assert.ok(!exported.includes(KEY));
  assert.deepEqual((await make(exported)).changes, []);
  assert.deepEqual(inShort(await make(written(`, key: ${KEY}x`))), ["~ integrations prom"]);
  assert.deepEqual(inShort(await make(written("", "generic"))), ["~ integrations prom"]);
  assert.equal((await integrationsByHash(t.platform, [keyHash(`${KEY}x`)]))[0]?.kind, "generic");
  assert.deepEqual((await make(written("", "generic"))).changes, [], "the key stays when none is written");
  assert.deepEqual(inShort(await make("keepwatch: 1\n")), ["- integrations prom", "- services shop"]);
});

test("what is wrong with an integration is named at its line", async () => {
  await using t = await testPlatform();
  const { apply } = configure(t);
  const said = async (text: string) =>
    (await apply(text)).problems.map(({ line, message }) => `${line} ${message}`).join("\n");
  assert.match(await said(written("", "alertmanger")), /^4 .*Did you mean "alertmanager"/);
  assert.match(await said(written(", ky: x")), /^4 unknown key "ky"; did you mean "key"/);
  assert.match(await said(written(", settings: { x: 1 }")), /^4 unknown key "x"/);
  assert.match(await said(written(", key: short")), /^4 a key is 8 to 128/);
  assert.match(
    await said(written().replace("service: shop", "service: shp")),
    /there is no service "shp"; did you mean/,
  );
});
