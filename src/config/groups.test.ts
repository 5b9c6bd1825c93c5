import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/support/platform.ts";
import { configure, inShort } from "./fixtures/configure.ts";

const head = "keepwatch: 1\nservices: [{ slug: shop }]\nmonitors:\n";
const hand = (slug: string) => `  - { slug: ${slug}, service: shop, kind: manual }\n`;
const group = (slug: string, members: string) =>
  `  - { slug: ${slug}, service: shop, kind: group, members: [${members}], rule: any }\n`;

test("groups are made after their members and go before them, wherever they stand; the export holds the same", async () => {
  await using t = await testPlatform();
  const { make, export: write } = configure(t);
  const first = head + group("all", "shops, us") + group("shops", "eu") + hand("eu") + hand("us");
  assert.deepEqual(inShort(await make(first)), [
    "+ services shop",
    ...["+ monitors eu", "+ monitors shops", "+ monitors us", "+ monitors all"],
  ]);
  const text = await write();
  assert.match(text, /kind: group\n\s+service: shop\n\s+rule: any\n\s+members:\n\s+- shops\n\s+- us/);
  assert.deepEqual((await make(text)).changes, []);
  assert.deepEqual(inShort(await make(head + group("all", "us") + hand("us"))), [
    ...["~ monitors all", "- monitors shops", "- monitors eu"],
  ]);
  const other = "  - { slug: us, service: shop, kind: http, url: http://127.0.0.1:1/ }\n";
  assert.deepEqual(inShort(await make(head + group("all", "us") + other)), ["~ monitors us"]);
  assert.deepEqual(inShort(await make("keepwatch: 1\n")), [
    ...["- monitors all", "- monitors us", "- services shop"],
  ]);
});

test("a member that is not there, a circle, and one that a group still needs are named", async () => {
  await using t = await testPlatform();
  const { make, apply } = configure(t);
  const said = async (text: string) =>
    (await apply(text)).problems.map(({ line, message }) => `${line} ${message}`).join("\n");
  assert.match(
    await said(head + hand("shop-eu") + group("all", "shop-eo")),
    /^5 there is no monitor "shop-eo"; did you mean "shop-eu"\?$/,
  );
  const circle = head + group("all", "some") + group("some", "eu, all") + hand("eu");
  assert.match(await said(circle), /all → some → all|There is no monitor "/);
  await make(head + hand("eu") + group("some", "eu") + group("all", "some"));
  assert.match(await said(circle), /The group would hold itself: some → all → some\./);
  await t.platform.db.updateTable("monitors").set({ managed_by: "ui" }).where("slug", "=", "all").execute();
  assert.match(await said(head + hand("eu")), /"some" is a member of the group "all"\. Take it out there/);
});
