import assert from "node:assert/strict";
import { test } from "node:test";
import { startLoop } from "../../../test/support/loop.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { manualEngine, setStatus } from "../manual/manual.ts";
import { createMonitor, deleteMonitor } from "../monitors.ts";
import { monitorCommon } from "../schema.ts";
import { groupEngine } from "./engine.ts";

test("a group follows its members, pages by itself, and names who is down; what is set by hand holds as long as was said", async () => {
  await using loop = await startLoop();
  const { platform } = loop.t;
  groupEngine(platform);
  manualEngine(platform);
  await loop.person("ada");
  await loop.policy("shop", [["ada", "5m"]]);
  await loop.service("shop", "shop");
  await loop.service("quiet", null);
  const make = (slug: string, kind: string, service: string, fields: object) =>
    loop.verb((tx, by) =>
      createMonitor(tx, by, {
        ...monitorCommon.parse({ slug, name: slug, kind, service }),
        fields: { ...fields },
      }),
    );
  const set = (slug: string, status: "up" | "down", forMs: number | null = null) =>
    loop.verb((tx, by) =>
      setStatus(tx, by, { slug, status, reason: status === "up" ? "" : "no power", forMs }),
    );
  const statusOf = async (slug: string) =>
    (
      await inTransaction(platform.db, (tx) =>
        tx.selectFrom("monitors").select("status").where("slug", "=", slug).executeTakeFirstOrThrow(),
      )
    ).status;
  for (const slug of ["eu", "us"]) await make(slug, "manual", "quiet", {});
  await make("checkout", "group", "shop", { members: ["eu", "us"] });
  await loop.settle();
  assert.equal(await statusOf("checkout"), "unknown");
  for (const slug of ["eu", "us"]) await set(slug, "up");
  await loop.settle();
  assert.equal(await statusOf("checkout"), "up");

  await set("us", "down", 3_600_000);
  await loop.settle();
  assert.equal(await statusOf("checkout"), "down");
  const { items } = await loop.ok("GET /alerts?status=firing&service=shop");
  assert.equal(items[0].reason, "[members] 1 of 2 up, wanted all; down: us");

  await loop.pass("61m");
  assert.deepEqual([await statusOf("us"), await statusOf("checkout")], ["up", "up"]);

  await assert.rejects(
    make("loop", "group", "shop", { members: ["nothing"] }),
    /There is no monitor "nothing"/,
  );
  await assert.rejects(
    loop.verb((tx, by) => deleteMonitor(tx, by, "us")),
    /The group "checkout" has "us" as a member/,
  );
});
