import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/support/platform.ts";
import { configure, inShort } from "./fixtures/configure.ts";

const list = (more: string) => `keepwatch: 1
teams: [{ slug: web, name: Web }]
holiday_lists:
  - slug: france
    ${more}
`;
const DAYS = 'days: [{ date: 2027-01-01, name: "New Year" }, { date: 2026-12-25, name: Christmas }]';

test("holidays are written as configuration; the export holds them, and applying it changes nothing", async () => {
  await using t = await testPlatform();
  const { make, apply, export: write } = configure(t);
  assert.deepEqual(inShort(await make(list(`teams: [web]\n    ${DAYS}`))), [
    "+ teams web",
    "+ holiday_lists france",
  ]);
  const text = await write();
  assert.match(
    text,
    /holiday_lists:\n\s+- slug: france\n\s+days:\n\s+- date: 2026-12-25\n[^-]+- date: 2027-01-01\n[^-]+teams:\n\s+- web/,
  );
  assert.deepEqual((await make(text)).changes, []);
  assert.deepEqual(inShort(await make(list(`everywhere: true\n    ${DAYS}`))), ["~ holiday_lists france"]);
  const wrong = await apply(list(`teams: [wep]\n    ${DAYS}`));
  assert.match(wrong.problems[0]!.message, /there is no team "wep"; did you mean "web"\?/);
  assert.deepEqual(inShort(await make("keepwatch: 1\n")), ["- holiday_lists france", "- teams web"]);
});

test("a team's weekly report is switched by configuration; a document that says nothing leaves the switch alone", async () => {
  await using t = await testPlatform();
  const { make, export: write } = configure(t);
  const team = (more: string) => `keepwatch: 1\nteams: [{ slug: web, name: Web${more} }]\n`;
  assert.deepEqual(inShort(await make(team(""))), ["+ teams web"]);
  assert.deepEqual(inShort(await make(team(", weekly_report: false"))), ["~ teams web"]);
  assert.deepEqual((await make(team(""))).changes, []);
  const text = await write();
  assert.match(text, /weekly_report: false/);
  assert.deepEqual((await make(text)).changes, []);
  assert.deepEqual(inShort(await make(team(", weekly_report: true"))), ["~ teams web"]);
  assert.doesNotMatch(await write(), /weekly_report/);
});
