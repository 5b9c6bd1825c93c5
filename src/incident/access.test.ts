import assert from "node:assert/strict";
import { test } from "node:test";
import { type Loop, type Person, startLoop, unusedId } from "../../test/support/loop.ts";
import { encodeCursor } from "../platform/http/cursor.ts";

/** A service that the payments team keeps to itself, with an incident; Pia is of that team, Otto is not. */
async function secretIncident() {
  const loop = await startLoop();
  const team = await loop.team("payments");
  const pia = await loop.person("pia", { team });
  const otto = await loop.person("otto");
  await loop.policy("pay", [["pia", "5m"]]);
  const cards = await loop.service("cards", "pay", { team: "payments", visibility: "team" });
  await loop.trigger("cards-api", { serviceId: cards.id });
  await loop.settle();
  const [incident] = (await loop.ok("GET /incidents", pia)).items;
  return Object.assign(loop, { pia, otto, id: incident.id as string });
}

test("what a team keeps to itself is in nobody else's lists", async () => {
  await using loop = await secretIncident();
  for (const path of [
    "/incidents",
    "/alerts",
    "/incidents?status=triggered",
    "/incidents?q=cards",
    "/alerts?service=cards",
  ]) {
    const seenBy = async (person: Person) => (await loop.ok(`GET ${path}`, person)).items.length;
    assert.deepEqual(
      [await seenBy(loop.pia), await seenBy(loop.otto), await seenBy(loop.root)],
      [1, 0, 1],
      path,
    );
  }
});

test("what a team keeps to itself is unknown to others, by its id and by its number, whatever they ask", async () => {
  await using loop = await secretIncident();
  const [alert] = (await loop.ok("GET /alerts", loop.pia)).items;
  for (const path of [
    "GET /incidents/1",
    `GET /incidents/${loop.id}`,
    "GET /incidents/1/timeline",
    `GET /alerts/${alert.id}`,
    `GET /pages?incident=${loop.id}`,
    "POST /incidents/1/acknowledge",
    "POST /incidents/1/resolve",
    "POST /incidents/1/escalate",
  ]) {
    assert.equal((await loop.call(path, loop.otto)).status, 404, path);
    if (path.startsWith("GET")) assert.equal((await loop.call(path, loop.pia)).status, 200, path);
  }
  assert.equal((await loop.ok("GET /incidents/1")).status, "triggered");
});

test("a viewer reads and changes nothing; a stranger is asked to sign in", async () => {
  await using loop = await startLoop();
  const vera = await loop.person("vera", { role: "viewer" });
  await loop.ok("POST /incidents", loop.root, { title: "Checkout hangs" });
  assert.equal((await loop.call("GET /incidents/1", vera)).status, 200);
  for (const verb of ["acknowledge", "resolve", "escalate", "note"]) {
    const body = verb === "note" ? { text: "hello" } : undefined;
    const { status, body: problem } = await loop.call(`POST /incidents/1/${verb}`, vera, body);
    assert.equal(status, 403, verb);
    assert.match(problem.detail, /Your role \(viewer\) may not respond to this incident/);
  }
  assert.equal((await loop.call("POST /incidents", vera, { title: "Mine" })).status, 403);
  for (const path of ["/incidents", "/incidents/1", "/incidents/1/timeline", "/alerts"])
    assert.equal((await loop.call(`GET ${path}`)).status, 401, path);
});

test("an incident is found by its id or its number, and by nothing else", async () => {
  await using loop = await startLoop();
  const { id, number } = await loop.ok("POST /incidents", loop.root, { title: "Checkout hangs" });
  for (const ref of [id, String(number), id.toUpperCase()])
    assert.equal((await loop.ok(`GET /incidents/${ref}`)).title, "Checkout hangs");
  for (const ref of ["2", "0", "-1", "1.5", "999999999999999", "%20", "checkout", unusedId(loop.t)])
    assert.equal((await loop.call(`GET /incidents/${ref}`, loop.root)).status, 404, ref);
});

/** Incidents #1 to #5, a minute apart. */
async function five(loop: Loop) {
  const services = ["shop", "search"];
  for (const slug of services) await loop.service(slug, null);
  for (let n = 1; n <= 5; n++) {
    const input = {
      title: `Checkout 100% ${n}`,
      service: services[n % 2],
      severity: n === 3 ? "SEV1" : "SEV3",
    };
    await loop.ok("POST /incidents", loop.root, input);
    await loop.pass("1m");
  }
  await loop.ok("POST /incidents/2/acknowledge");
  await loop.ok("POST /incidents/4/resolve");
}

const numbers = (body: { items: { number: number }[] }) => body.items.map(({ number }) => number);

test("incidents are listed newest first, narrowed by status, service, severity, words and number", async () => {
  await using loop = await startLoop();
  await five(loop);
  for (const [query, wanted] of [
    ["", [5, 4, 3, 2, 1]],
    ["?status=triggered,acknowledged", [5, 3, 2, 1]],
    ["?status=resolved", [4]],
    ["?service=search", [5, 3, 1]],
    ["?severity=SEV1", [3]],
    ["?q=CHECKOUT", [5, 4, 3, 2, 1]],
    ["?q=100%25%202", [2]],
    ["?q=%25%25", []],
    ["?q=%233", [3]],
    ["?q=4", [4]],
  ] as const)
    assert.deepEqual(numbers(await loop.ok(`GET /incidents${query}`)), wanted, query);
  for (const query of ["?status=open", "?severity=SEV9", "?limit=0", "?limit=501", "?limit=x"])
    assert.equal((await loop.call(`GET /incidents${query}`, loop.root)).status, 422, query);
});

test("a list is read page by page, none twice and none left out, though others open meanwhile", async () => {
  await using loop = await startLoop();
  await five(loop);
  const first = await loop.ok("GET /incidents?limit=2");
  await loop.ok("POST /incidents", loop.root, { title: "Another" });
  const second = await loop.ok(`GET /incidents?limit=2&cursor=${first.next}`);
  const third = await loop.ok(`GET /incidents?limit=2&cursor=${second.next}`);
  assert.deepEqual([first, second, third].map(numbers), [[5, 4], [3, 2], [1]]);
  assert.equal(third.next, null);
});

test("a forged cursor is refused in words, not with an internal error", async () => {
  await using loop = await startLoop();
  for (const parts of [["yesterday", unusedId(loop.t)], ["2026-11-23T09:00:00Z", "7"], ["a\0", "b"], []])
    for (const path of ["/incidents", "/alerts"]) {
      const { status, body } = await loop.call(`GET ${path}?cursor=${encodeCursor(parts)}`, loop.root);
      assert.deepEqual([status, body.errors[0].pointer], [422, "/cursor"], `${path} ${parts}`);
    }
  assert.equal((await loop.call("GET /incidents?cursor=garbage", loop.root)).status, 422);
});
