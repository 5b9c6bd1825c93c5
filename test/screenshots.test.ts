import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { SCREENS, shotsOf } from "./support/screens.ts";
import { pngSize } from "./support/squeeze-png.ts";

const FOLDER = resolve(import.meta.dirname, "../docs/screenshots");
const MOST_BYTES = 250_000;
const LEAST_BYTES = 2_000;
const HOW = "Take them with KEEPWATCH_SCREENSHOTS=1 npm test -- test/journeys/*.test.ts";

const shots = SCREENS.flatMap(shotsOf);

for (const screen of SCREENS) {
  test(`${screen} is pictured on a laptop and on a phone, by day and by night`, async () => {
    for (const { file, size } of shotsOf(screen)) {
      const png = await readFile(join(FOLDER, file)).catch(() => assert.fail(`${file} is missing. ${HOW}`));
      assert.deepEqual(pngSize(png), size, file);
      assert.ok(png.length > LEAST_BYTES, `${file} shows hardly anything`);
      assert.ok(png.length <= MOST_BYTES, `${file} is ${png.length} bytes, more than ${MOST_BYTES}`);
    }
  });
}

test("no picture is left over from a screen that is gone", async () => {
  const known = new Set(shots.map(({ file }) => file));
  const there = (await readdir(FOLDER)).filter((file) => file.endsWith(".png"));
  assert.deepEqual(
    there.filter((file) => !known.has(file)),
    [],
  );
});
