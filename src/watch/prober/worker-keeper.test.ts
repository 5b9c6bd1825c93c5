import assert from "node:assert/strict";
import { test } from "node:test";
import { keepWorker } from "./worker-keeper.ts";

const DATA = {
  guard: { ownPorts: [], allowPrivate: true },
  limits: { total: 1, perHost: 1 },
  location: "local",
};

/** Answers pings, until it is told of a second look: then it never comes back. */
const HANGS = `
  import { parentPort } from "node:worker_threads";
  parentPort.on("message", ({ type }) => {
    if (type === "recheck") for (;;);
    if (type === "ping") parentPort.postMessage({ type: "pong", coverage: {} });
  });
`;

test("a worker that hangs is ended and another takes its place, told how long nobody listened", async () => {
  const deaths: string[] = [];
  const deaf: number[] = [];
  const again = Promise.withResolvers<void>();
  const heard = Promise.withResolvers<void>();
  const keeper = keepWorker({
    url: new URL(`data:text/javascript,${encodeURIComponent(HANGS)}`),
    data: DATA,
    pingMs: 20,
    onMessage: () => heard.resolve(),
    onDeath: (error) => deaths.push(error.message),
    onStart: (_send, deafForMs) => {
      deaf.push(deafForMs);
      if (deaf.length === 2) again.resolve();
    },
  });
  await heard.promise;
  keeper.send({ type: "recheck", id: "a", atMs: 0 });
  await again.promise;
  await keeper.stop();
  assert.deepEqual(deaths, ["it hung"]);
  assert.equal(deaf[0], 0);
  assert.ok((deaf[1] ?? 0) > 200, `${deaf[1]} ms`);
});

test("a keeper that is stopped starts no other worker", async () => {
  let starts = 0;
  const keeper = keepWorker({
    url: new URL("data:text/javascript,setInterval(() => {}, 1000)"),
    data: DATA,
    onMessage: () => {},
    onDeath: () => assert.fail("ended unasked"),
    onStart: () => starts++,
  });
  await keeper.stop();
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(starts, 1);
});
