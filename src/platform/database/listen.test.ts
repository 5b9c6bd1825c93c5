import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "kysely";
import { eventually } from "../../../test/support/keepwatch.ts";
import { freshDatabase } from "../../../test/support/platform.ts";
import { systemClock } from "../clock.ts";
import { silentLog } from "../log.ts";
import { openDatabase } from "./database.ts";
import { createListener } from "./listen.ts";

async function listening() {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await freshDatabase());
  const { db, close } = openDatabase({ url, connections: 2 });
  stack.defer(close);
  const listener = createListener({ url, clock: systemClock, log: silentLog });
  stack.defer(() => listener.stop());
  const opened = stack.move();
  return {
    listener,
    say: (channel: string, text: string) => sql`select pg_notify(${channel}, ${text})`.execute(db),
    /** Ends the listener's session, as when PostgreSQL restarts. */
    cut: () =>
      sql`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'keepwatch listen' and datname = current_database()`.execute(db),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

test("everybody who listens to a channel hears what is said there, and nothing else", async () => {
  await using l = await listening();
  const heard: string[] = [];
  l.listener.on("Pages", (text) => heard.push(`first ${text}`));
  l.listener.on("Pages", (text) => heard.push(`second ${text}`));
  l.listener.on("other", (text) => heard.push(`other ${text}`));
  await l.listener.start();
  await l.say("Pages", "a");
  await l.say("pages", "b");
  await l.say("other", "");
  await eventually("the last one", () => heard.length === 3);
  assert.deepEqual(heard, ["first a", "second a", "other "]);
});

test("a lost connection is made anew, and whoever must not miss anything is told to look", async () => {
  await using l = await listening();
  const heard: string[] = [];
  let looks = 0;
  l.listener.on("pages", (text) => heard.push(text));
  l.listener.onReconnect(() => looks++);
  await l.listener.start();
  for (const round of [1, 2]) {
    await l.cut();
    await eventually("listening again", () => looks === round);
    await l.say("pages", `after ${round}`);
    await eventually("the message", () => heard.at(-1) === `after ${round}`);
  }
});

test("whom to tell is said before the listener starts", async () => {
  await using l = await listening();
  await l.listener.start();
  assert.throws(() => l.listener.on("late", () => {}), /before the listener starts/);
});
