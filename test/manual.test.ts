import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { channelsPage } from "../scripts/channels-page.ts";
import { integrationsPage } from "../scripts/integrations-page.ts";
import { kindsPage } from "../scripts/kinds-page.ts";

test("the manual's page of kinds says what the kinds say of themselves", async () => {
  const written = await readFile(join(import.meta.dirname, "../docs/kinds.md"), "utf8");
  assert.equal(written, kindsPage(), "run `npm run docs`");
});

test("the manual's page of channels says what the channels say of themselves", async () => {
  const written = await readFile(join(import.meta.dirname, "../docs/channels.md"), "utf8");
  assert.equal(written, channelsPage(), "run `npm run docs`");
});

test("the manual's page of integrations says what their kinds say of themselves", async () => {
  const written = await readFile(join(import.meta.dirname, "../docs/integrations.md"), "utf8");
  assert.equal(written, integrationsPage(), "run `npm run docs`");
});
