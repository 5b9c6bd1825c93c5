import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { ManualClock } from "../../platform/clock.ts";
import { silentLog } from "../../platform/log.ts";
import { httpServer, rawServer } from "../fixtures/servers.ts";
import { NO_TIMINGS } from "../kinds/kind.ts";
import type { ProbeResult } from "../prober/prober.ts";
import { askReference } from "./ask.ts";
import type { Reference } from "./model.ts";
import { createSight, type SightOptions } from "./sight.ts";

const START = "2026-11-23T09:00:00Z";
const LIMIT_MS = 60;

/** A name server that can fall silent; it answers that there are no such records. */
async function nameServer() {
  const socket: Socket = createSocket("udp4");
  const state: { silent: boolean; asked: number } = { silent: false, asked: 0 };
  socket.on("message", (query, from) => {
    state.asked++;
    if (state.silent) return;
    const answer = Buffer.from(query);
    answer.writeUInt8((answer[2] ?? 0) | 0x80, 2);
    socket.send(answer, from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const server = `127.0.0.1:${socket.address().port}`;
  return { state, server, [Symbol.asyncDispose]: async () => void socket.close() };
}

const byName = (name: string, shows: Reference["shows"], server: string): Reference => ({
  ...{ name, shows, chosen: false },
  ask: { by: "name server", server },
});
const byPort = (name: string, shows: Reference["shows"], port: number): Reference => ({
  ...{ name, shows, chosen: true },
  ask: { by: "connection", host: "127.0.0.1", ports: [port] },
});

function seeingBy(references: Reference[], more: Partial<SightOptions> = {}) {
  const clock = new ManualClock(START);
  const told: (string | null)[] = [];
  const again: string[][] = [];
  const sight = createSight({
    ...{ clock, log: silentLog, references },
    tell: async (words) => void told.push(words),
    lookAgain: (ids) => void again.push([...ids]),
    ask: (each) => askReference(each, LIMIT_MS),
    isOurs: () => false,
    resolve: async (host) => [host.startsWith("intra") ? "10.0.0.9" : "8.8.4.4"],
    ...more,
  });
  const result = (host: string, cause: string): ProbeResult => {
    const at = clock.now().epochMilliseconds;
    const up = cause === "ok";
    return {
      ...{ status: up ? "up" : "down", reason: up ? "[ok] 200" : `[failed] ${cause}`, cause, hard: !up },
      ...{ timings: NO_TIMINGS, evidence: up ? null : { addresses: /^[\d.]+$/.test(host) ? [host] : [] } },
      ...{ at, endedAt: at, occasion: "due", suspect: null },
    };
  };
  return {
    clock,
    told,
    again,
    sight,
    review: (host: string, cause: string, status: "up" | "down" = "up") =>
      sight.review({ id: host, host, status }, result(host, cause)),
    /** Lets the time for the next look pass, and waits for what comes of it. */
    async next(until: () => boolean) {
      clock.advance(5_001);
      for (let i = 0; i < 500 && !until(); i++) await new Promise((done) => setTimeout(done, 1));
      await turn();
    },
  };
}

test("when nothing of the internet answers, its targets' failures are unknown, told once, and looked at again at its return", async () => {
  await using root = await nameServer();
  const s = seeingBy([byName("the root", "internet", root.server)]);
  const before = await s.review("8.8.8.8", "timeout:connect");
  assert.equal(before.status, "down", "the reference answers: the target's own failure");
  s.clock.advance(2_000);
  root.state.silent = true;
  const [one, two] = await Promise.all([
    s.review("8.8.8.8", "timeout:connect"),
    s.review("9.9.9.9", "reset"),
  ]);
  assert.deepEqual([one.status, one.cause, one.hard], ["unknown", "own:blind", false]);
  assert.equal(
    one.reason,
    "[unknown] this prober can't reach anything: the root did not answer (seen: [failed] timeout:connect)",
  );
  assert.equal(two.status, "unknown");
  assert.deepEqual(s.told, ["this prober can't reach anything: the root did not answer"]);
  for (const host of ["127.0.0.1", "10.0.0.1"])
    assert.equal((await s.review(host, "refused")).status, "down", `${host} is judged on its own`);
  root.state.silent = false;
  await s.next(() => s.told.length > 1);
  assert.deepEqual(s.told.slice(1), [null]);
  assert.deepEqual(s.again, [["8.8.8.8", "9.9.9.9"]]);
  assert.equal((await s.review("8.8.8.8", "reset")).status, "down");
  s.sight.stop();
});

test("a hundred failures at once ask each reference once", async () => {
  await using root = await nameServer();
  const s = seeingBy([byName("the root", "internet", root.server)]);
  await Promise.all(Array.from({ length: 100 }, (_, i) => s.review(`8.8.8.${i}`, "refused")));
  assert.equal(root.state.asked, 1);
  s.sight.stop();
});

test("a gateway that takes its ports down with it hides the private network, and no more than that", async () => {
  await using root = await nameServer();
  const gateway = await rawServer(() => {});
  const s = seeingBy([
    byPort("the gateway", "private", gateway.port),
    byName("the root", "internet", root.server),
  ]);
  assert.equal((await s.review("10.0.0.2", "timeout:connect")).status, "down");
  await gateway[Symbol.asyncDispose]();
  s.clock.advance(2_000);
  const hidden = await s.review("10.0.0.2", "timeout:connect");
  assert.match(hidden.reason, /can't reach its own network: the gateway did not answer \(ECONNREFUSED\)/);
  assert.equal((await s.review("8.8.8.8", "timeout:connect")).status, "down");
  s.sight.stop();
});

test("name servers that fall silent: names that can't be resolved are unknown, one that is denied is the target's failure", async () => {
  await using resolver = await nameServer();
  await using root = await nameServer();
  const s = seeingBy([
    byName("the resolver", "names", resolver.server),
    byName("the root", "internet", root.server),
  ]);
  assert.equal((await s.review("shop.test", "dns:ESERVFAIL")).status, "down", "the resolver itself works");
  s.clock.advance(2_000);
  resolver.state.silent = true;
  const lost = await s.review("shop.test", "dns:ETIMEOUT");
  assert.match(lost.reason, /^\[unknown\] this prober can't resolve any name: the resolver did not answer/);
  assert.equal((await s.review("shop.test", "dns:ENOTFOUND")).status, "down");
  assert.equal((await s.review("8.8.8.8", "refused")).status, "down");
  assert.equal(s.told.length, 1);
  s.sight.stop();
});

test("a reference that never answered counts for nothing, unless it was chosen or has answered before this start", async () => {
  await using dead = await nameServer();
  dead.state.silent = true;
  const references = [byName("the root", "internet", dead.server)];
  const plain = seeingBy(references);
  assert.equal((await plain.review("8.8.8.8", "refused")).status, "down");
  const remembering = seeingBy(references, { answered: new Set(["the root"]) });
  assert.equal((await remembering.review("8.8.8.8", "refused")).status, "unknown");
  const chosen = seeingBy([{ ...byName("the root", "internet", dead.server), chosen: true }]);
  assert.equal((await chosen.review("8.8.8.8", "refused")).status, "unknown");
  for (const each of [plain, remembering, chosen]) each.sight.stop();
});

test("targets that answer while the references are silent end the blindness: then the references are no good", async () => {
  await using root = await nameServer();
  root.state.silent = true;
  const s = seeingBy([byName("the root", "internet", root.server)], { answered: new Set(["the root"]) });
  assert.equal((await s.review("8.8.8.8", "refused")).status, "unknown");
  s.clock.advance(100);
  await s.review("intranet.test", "ok");
  assert.equal(
    (await s.review("8.8.8.8", "refused")).status,
    "unknown",
    "the private network proves nothing",
  );
  await s.review("shop.test", "ok");
  await turn();
  assert.equal((await s.review("8.8.8.8", "refused")).status, "down");
  assert.deepEqual([s.told.length, s.told.at(-1), s.again], [2, null, [["8.8.8.8"]]]);
  s.sight.stop();
});

test("a portal that answers for everybody pages nobody; a site that redirects alone is judged", async () => {
  const state: { portal: boolean } = { portal: false };
  await using web = await httpServer((_request, answer) => {
    if (state.portal) answer.writeHead(302, { location: "http://wifi.test/sign-in" });
    answer.end();
  });
  const ask = { by: "web" as const, url: web.url, status: null };
  const s = seeingBy([{ name: "example.com", shows: "internet", chosen: true, ask }]);
  assert.equal((await s.review("8.8.8.8", "redirect")).status, "down");
  s.clock.advance(2_000);
  state.portal = true;
  const caught = await s.review("8.8.8.8", "redirect");
  assert.match(caught.reason, /in the targets' place, .*: example.com redirected to wifi\.test/);
  assert.equal((await s.review("9.9.9.9", "tls:ERR_TLS_CERT_ALTNAME_INVALID")).status, "unknown");
  assert.equal((await s.review("127.0.0.1", "status:302")).status, "down");
  state.portal = false;
  await s.next(() => s.told.length > 1);
  assert.deepEqual(s.again, [["8.8.8.8", "9.9.9.9"]]);
  s.sight.stop();
});

test("an installation that watches only its own machine asks nobody", async () => {
  await using root = await nameServer();
  const s = seeingBy([byName("the root", "internet", root.server)]);
  for (const host of ["127.0.0.1", "localhost", "::1"]) {
    await s.review(host, "ok");
    await s.review(host, "refused");
  }
  await turn();
  assert.equal(root.state.asked, 0);
  s.sight.stop();
});

test("an alert of an earlier start ends when we see, and one that can't be told is told later", async () => {
  await using root = await nameServer();
  let refusals = 1;
  const told: (string | null)[] = [];
  const s = seeingBy([byName("the root", "internet", root.server)], {
    wasBlind: true,
    tell: async (words) => {
      if (refusals-- > 0) throw new Error("the database is away");
      told.push(words);
    },
  });
  for (let i = 0; i < 200 && refusals > 0; i++) await new Promise((done) => setTimeout(done, 1));
  await turn();
  assert.deepEqual(told, []);
  await s.next(() => told.length > 0);
  assert.deepEqual(told, [null]);
  s.sight.stop();
});
