import assert from "node:assert/strict";
import { test } from "node:test";
import { by, SYSTEM } from "../org/actor.ts";
import { notify } from "../org/notices.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { noticeEngine } from "./notices.ts";
import { fixture, receiver, until } from "./testing.ts";

test("a notice goes once, by the method chosen for low urgency, and asks for no answer", async () => {
  await using first = await receiver();
  await using low = await receiver();
  await using f = await fixture();
  const ada = await f.person("Ada");
  await f.method(ada.id, { url: first.url });
  const chosen = await f.method(ada.id, { url: low.url });
  const { platform } = f.t;
  noticeEngine(platform, f.deps, async () => [chosen.slug]);
  platform.due.start();
  await inTransaction(platform.db, (tx) =>
    notify(tx, by(platform, SYSTEM), {
      ...{ to: [ada.id, ada.id], title: "Bo offers a shift", lines: ["Tue to Wed"], path: "/oncall" },
    }),
  );
  await until(() => low.received.length === 1, "Ada is told");
  const { json } = low.received[0]!;
  assert.deepEqual(
    [json.type, json.title, json.text, json.url],
    ["notice", "Bo offers a shift", "Tue to Wed", `${platform.url}/oncall`],
  );
  assert.equal("actions" in json, false);
  assert.equal(first.received.length, 0);
});
