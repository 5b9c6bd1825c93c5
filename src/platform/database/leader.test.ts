import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "kysely";
import { eventually } from "../../../test/support/keepwatch.ts";
import { freshDatabase } from "../../../test/support/platform.ts";
import { systemClock } from "../clock.ts";
import { silentLog } from "../log.ts";
import { openDatabase } from "./database.ts";
import { electLeader } from "./leader.ts";

async function election() {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await freshDatabase());
  const { db, close } = openDatabase({ url, connections: 2 });
  stack.defer(close);
  const said: string[] = [];
  const opened = stack.move();
  return {
    said,
    candidate(name: string, duty = 90, lead?: () => Promise<() => Promise<void>>) {
      const leader = electLeader({
        ...{ url, duty, clock: systemClock, log: silentLog },
        lead:
          lead ??
          (async () => {
            said.push(`${name} begins`);
            return async () => void said.push(`${name} ends`);
          }),
      });
      opened.defer(() => leader.stop());
      return leader;
    },
    cut: () =>
      sql`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'keepwatch leader' and datname = current_database()`.execute(db),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

test("of several processes one has a duty; when it stops, another has it within seconds", async () => {
  await using e = await election();
  const ada = e.candidate("ada");
  await eventually("ada leads", () => ada.leads());
  const bo = e.candidate("bo");
  const other = e.candidate("other", 91);
  await eventually("another duty is another's", () => other.leads());
  assert.equal(bo.leads(), false);
  await ada.stop();
  await eventually("bo leads", () => bo.leads(), 5_000);
  assert.deepEqual(
    e.said.filter((text) => !text.startsWith("other")),
    ["ada begins", "ada ends", "bo begins"],
  );
});

test("whoever loses the database lays the duty down before anybody takes it up again", async () => {
  await using e = await election();
  const ada = e.candidate("ada");
  await eventually("ada leads", () => ada.leads());
  await e.cut();
  await eventually("ada leads again", () => e.said.length === 3, 5_000);
  assert.deepEqual(e.said, ["ada begins", "ada ends", "ada begins"]);
});

test("a duty that can't be taken up is let go, so that another process has it", async () => {
  await using e = await election();
  let tries = 0;
  const sick = e.candidate("sick", 90, () => {
    tries += 1;
    return Promise.reject(new Error("no room"));
  });
  await eventually("a try", () => tries > 0);
  const well = e.candidate("well");
  await eventually("the other leads", () => well.leads(), 5_000);
  assert.equal(sick.leads(), false);
});

test("a duty that is lost while it is being taken up is laid down at once, then taken up again", async () => {
  await using e = await election();
  const { promise: slow, resolve: go } = Promise.withResolvers<void>();
  let times = 0;
  const ada = e.candidate("ada", 90, async () => {
    times += 1;
    e.said.push(`begins ${times}`);
    if (times === 1) await slow;
    return async () => void e.said.push("ends");
  });
  await eventually("the first try", () => times === 1);
  await e.cut();
  const bo = e.candidate("bo");
  await eventually("bo has it meanwhile", () => bo.leads(), 5_000);
  go();
  await eventually("ada lays it down", () => e.said.includes("ends"));
  assert.equal(ada.leads(), false);
  await bo.stop();
  await eventually("ada has it again", () => ada.leads(), 5_000);
  assert.deepEqual(e.said, ["begins 1", "bo begins", "ends", "bo ends", "begins 2"]);
});
