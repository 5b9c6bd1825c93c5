import assert from "node:assert/strict";
import { test } from "node:test";
import { startLoop } from "../../test/support/loop.ts";
import { type JudgeState, judge, newJudgeState } from "./judge.ts";
import { NO_TIMINGS } from "./kinds/kind.ts";
import { createMonitor, kindFields } from "./monitors.ts";
import { monitorCommon } from "./schema.ts";
import { commitSteady, commitTransition } from "./transition.ts";

const POLICY = { everyMs: 60_000, timeoutMs: 1_000, failures: 1, retryEveryMs: [1_000], recoveries: 1 };

test("a monitor that flaps is one alert from the sixth change on, which ends 15 minutes after the last", async () => {
  await using loop = await startLoop();
  await loop.service("shop", null);
  const written = { slug: "home", name: "home", kind: "http", service: "shop", url: "http://127.0.0.1/" };
  const { id } = await loop.verb((tx, hand) =>
    createMonitor(tx, hand, { ...monitorCommon.parse(written), fields: kindFields(written) }),
  );
  const { platform } = loop.t;
  let state: JudgeState = newJudgeState(platform.clock.now().epochMilliseconds);
  const sees = async (status: "up" | "down") => {
    await loop.pass("60s");
    const at = platform.clock.now().epochMilliseconds;
    const result = { status, at, reason: status === "up" ? "[ok] 200" : "[status] 502, wanted 200–299" };
    const full = { ...result, cause: status === "up" ? "ok" : "status:502", hard: status === "down" };
    const judged = judge(state, full, POLICY, at);
    state = judged.state;
    const check = { ...full, at: platform.clock.now().toString(), timings: NO_TIMINGS, evidence: null };
    if (judged.transition)
      await commitTransition(platform, { id }, { transition: judged.transition, check, judge: state });
    else if (judged.steady) await commitSteady(platform, { id }, { check, judge: state });
    await loop.settle();
  };
  const alerts = async () => {
    const { items } = await loop.ok("GET /alerts");
    return items.map((each: { title: string; status: string }) => `${each.title}: ${each.status}`).sort();
  };
  for (let i = 0; i < 3; i++) for (const status of ["up", "down"] as const) await sees(status);
  const two = Array(2).fill("shop: home is down: resolved");
  assert.deepEqual(await alerts(), ["shop: home is down: firing", ...two].sort());
  await sees("up");
  await sees("up");
  const said = [...two, "shop: home is flapping: firing"];
  assert.deepEqual(await alerts(), said, "the sixth change, and the same incident");
  for (const status of ["down", "up", "up", "down", "up", "up"] as const) await sees(status);
  assert.deepEqual(await alerts(), said, "and no word of what follows");
  const [alert] = (await loop.ok("GET /alerts?status=firing")).items;
  assert.match(alert.reason, /^6 changes or more in 15 minutes; last seen: \[status\] 502/);
  for (let i = 0; i < 15; i++) await sees("up");
  assert.deepEqual(await alerts(), [...two, "shop: home is flapping: resolved"]);
  await sees("down");
  assert.equal(
    (await alerts()).includes("shop: home is down: firing"),
    true,
    "what comes then is told again",
  );
});
