import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { contradicts, type Ground, groundsOf, type Outcome, type Reference, seeing, wayTo } from "./model.ts";
import { gatewayIn, readReferences } from "./references.ts";

const SEEDED = { seed: 11, numRuns: 200 };
const reference = (name: string, shows: Reference["shows"], by: "web" | "name server" = "name server") => ({
  ...{ name, shows, chosen: false },
  ask: by === "web" ? { by, url: `http://${name}/`, status: null } : { by, server: name },
});
const outcome = (each: Reference, answer: Outcome["answer"]): Outcome => ({
  reference: each,
  answer,
  words: answer === "ok" ? "answered" : "did not answer",
});

test("a target's way is told by its address: this machine, a network of our own, the internet", () => {
  const ours = (address: string) => address === "203.0.113.9" || address === "192.168.1.7";
  const ways = (list: string[]) => list.map((each) => wayTo(each, ours));
  assert.deepEqual(
    ways(["127.0.0.1", "::1", "localhost", "192.168.1.7", "::ffff:127.0.0.1"]),
    Array(5).fill("here"),
  );
  assert.deepEqual(ways(["192.168.1.8", "10.0.0.1", "fd00::1", "100.64.1.1"]), Array(4).fill("private"));
  assert.deepEqual(ways(["8.8.8.8", "[2001:4860:4860::8888]"]), ["internet", "internet"]);
  assert.deepEqual(ways(["shop.example"]), [null]);
});

test("targets on this machine and names that are denied are judged without any reference", () => {
  const failed = (cause: string) => ({ status: "down" as const, cause });
  assert.deepEqual(groundsOf(failed("refused"), "here"), []);
  assert.deepEqual(groundsOf(failed("dns:ENOTFOUND"), null), []);
  assert.deepEqual(groundsOf(failed("dns:ETIMEOUT"), null), ["names", "internet"]);
  assert.deepEqual(groundsOf(failed("timeout:connect"), "private"), ["private"]);
  assert.deepEqual(groundsOf(failed("timeout:connect"), "internet"), ["portal", "internet"]);
  assert.deepEqual(groundsOf(failed("status:302"), "internet"), ["portal"]);
  assert.deepEqual(groundsOf(failed("status:302"), "private"), []);
});

test("one reference that answers is enough to see; where none counts nothing is withheld", () => {
  const anyAnswer = fc.constantFrom<Outcome["answer"]>("ok", "silent", "odd");
  const anyShows = fc.constantFrom<Reference["shows"]>("names", "private", "internet");
  const anyOutcomes = fc.array(fc.tuple(anyShows, anyAnswer), { maxLength: 8 });
  const anyGrounds = fc.uniqueArray(fc.constantFrom<Ground>("names", "private", "internet"));
  fc.assert(
    fc.property(anyOutcomes, anyGrounds, (pairs, grounds) => {
      const outcomes = pairs.map(([shows, answer], i) => outcome(reference(`r${i}`, shows), answer));
      const answersOf = (shows: string) =>
        pairs.flatMap(([each, answer]) => (each === shows ? [answer] : []));
      const lost = grounds.filter((ground) => {
        const own = answersOf(ground);
        const heard = ground === "internet" && own.length === 0 ? answersOf("private") : own;
        return heard.length > 0 && !heard.includes("ok");
      });
      const sight = seeing(grounds, outcomes);
      assert.equal(sight.sees, lost.length === 0);
      if (!sight.sees) assert.equal(sight.ground, lost[0]);
    }),
    SEEDED,
  );
});

test("the internet gone says nothing of the private network, nor the other way round while the internet answers", () => {
  const outcomes = [
    outcome(reference("root", "internet"), "silent"),
    outcome(reference("gateway", "private"), "ok"),
  ];
  assert.equal(seeing(["internet"], outcomes).sees, false);
  assert.equal(seeing(["private"], outcomes).sees, true);
  assert.equal(contradicts("internet", "private"), false);
});

test("a portal is seen only where a web reference answers oddly, and none as it should", () => {
  const [a, b] = [reference("a", "internet", "web"), reference("b", "internet", "web")];
  const portal = (...answers: Outcome["answer"][]) =>
    !seeing(
      ["portal"],
      answers.map((answer, i) => outcome(i === 0 ? a : b, answer)),
    ).sees;
  assert.deepEqual([portal("odd"), portal("odd", "silent")], [true, true]);
  assert.deepEqual([portal("odd", "ok"), portal("silent"), portal()], [false, false, false]);
});

test("references are read from the setting, and a wrong one is named", () => {
  const [port, six, url] = readReferences("1.1.1.1:443, [fd00::1]:53,https://example.com/alive#204");
  assert.deepEqual(port?.ask, { by: "connection", host: "1.1.1.1", ports: [443] });
  assert.deepEqual([six?.shows, six?.chosen], ["private", true]);
  assert.deepEqual(url?.ask, { by: "web", url: "https://example.com/alive", status: 204 });
  for (const wrong of ["example.com", "1.1.1.1:0", "https://", "https://example.com/#top"])
    assert.throws(() => readReferences(wrong), { message: new RegExp(`“${wrong.replace("/#", "/#")}”`) });
});

test("the gateway is the default route with the lowest metric in Linux's table", () => {
  const table = [
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask",
    "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000",
    "eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000",
    "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF",
  ].join("\n");
  assert.equal(gatewayIn(table), "192.0.2.1");
  assert.equal(gatewayIn(""), null);
});
