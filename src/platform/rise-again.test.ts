import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";

const fall = async (when: string) => {
  const child = spawn(process.execPath, [
    join(import.meta.dirname, "../../test/support/rise-again.fixture.ts"),
    when,
  ]);
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number]>,
  ]);
  return { pid: child.pid, output, errors, code };
};

test("a mistake that nobody caught starts the program again in its place, with the reason", async () => {
  const { pid, output, errors, code } = await fall("later");
  assert.equal(output, `risen ${pid} later Error: a socket nobody listened to\n`);
  assert.match(errors, /Keepwatch failed: Error: a socket nobody listened to\n\s+at /);
  assert.equal(code, 0);
});

test("a program that falls right after its start stays down, and says so by its exit status", async () => {
  const { output, errors, code } = await fall("soon");
  assert.deepEqual([output, code], ["", 1]);
  assert.match(errors, /a socket nobody listened to/);
});
