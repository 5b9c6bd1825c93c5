import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createAddressGuard } from "../../../platform/net/address-guard.ts";
import { DnsError } from "../../../platform/net/resolver.ts";
import { contextWith } from "../base/context.fixture.ts";
import type { CheckContext } from "../kind.ts";
import { checkPing } from "./check.ts";
import { ping } from "./ping.ts";

const folder = mkdtempSync(join(tmpdir(), "keepwatch-ping-"));
after(() => rmSync(folder, { recursive: true }));
let programs = 0;

/** A program that stands in for the system's. */
function program(script: string): string {
  const file = join(folder, `ping-${programs++}`);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

const saying = (text: string, code = 0) => program(`cat <<'END'\n${text}\nEND\nexit ${code}`);

const answers = (...ms: number[]) =>
  [
    ...ms.map((each, i) => `64 bytes from 192.0.2.7: icmp_seq=${i + 1} ttl=64 time=${each} ms`),
    `3 packets transmitted, ${ms.length} received, ${100 - ms.length * 33}% packet loss, time 2003ms`,
  ].join("\n");

const run = (file: string, config: object = {}, more: Partial<CheckContext> = {}) =>
  checkPing(
    ping.schema.parse({ host: "192.0.2.7", ...config }),
    contextWith({ timeoutMs: 10_000, verbose: true, ...more }),
    file,
  );

const skip = process.platform === "win32" ? "the stand-ins are shell scripts" : false;

test("a host that answers is up, and its time is the average round trip", { skip }, async () => {
  const result = await run(saying(answers(10, 30, 20)), {
    expect: { loss: 0, latency: "21ms", jitter: "16ms" },
  });
  assert.deepEqual([result.status, result.reason], ["up", "[ok] 3 of 3 in 20 ms"]);
  assert.deepEqual([result.timings.total, result.timings.first_byte, result.timings.connect], [20, 20, null]);
  assert.match(result.evidence?.body ?? "", /icmp_seq=3/);
});

test("loss, latency and jitter are judged, each in its words", { skip }, async () => {
  const judged = async (expect: object, ...ms: number[]) => {
    const { status, reason, cause } = await run(saying(answers(...ms)), { expect });
    return [status, reason, cause];
  };
  const loss = "[loss] 1 of 3 lost (33.3 %), wanted no more than 10 %";
  assert.deepEqual(await judged({ loss: 10 }, 10, 12), ["degraded", loss, "loss"]);
  assert.deepEqual(await judged({ loss_down: 10 }, 10, 12), ["down", loss, "loss"]);
  assert.deepEqual(await judged({ loss: 34 }, 10, 12), ["up", "[ok] 2 of 3 in 11 ms", "ok"]);
  assert.deepEqual(await judged({ latency: "15ms" }, 10, 20, 30), [
    ...["degraded", "[latency] 20 ms, wanted under 15 ms", "latency"],
  ]);
  assert.deepEqual(await judged({ jitter: "15ms" }, 10, 30, 10), [
    ...["degraded", "[jitter] 20 ms, wanted under 15 ms", "jitter"],
  ]);
});

test("a host that never answers is down, with what a router says of it", { skip }, async () => {
  const silent = await run(saying(answers(), 1));
  assert.deepEqual(
    [silent.status, silent.reason, silent.cause, silent.hard, silent.timings.total],
    ["down", "[loss] none of 3 pings was answered", "loss:all", false, null],
  );
  const unreachable = `From 10.0.0.1 icmp_seq=1 Destination Host Unreachable\n${answers()}`;
  const told = await run(saying(unreachable, 1));
  assert.equal(
    told.reason,
    "[unreachable] none of 3 pings was answered; 10.0.0.1 says “Destination Host Unreachable”",
  );
  assert.deepEqual([told.status, told.hard], ["down", true]);
});

test("a machine that cannot ping knows nothing of the host, and says how to mend it", { skip }, async () => {
  const unknown = async (file: string, config: object = {}, timeoutMs = 10_000) => {
    const { status, hard, reason } = await run(file, config, { timeoutMs });
    assert.deepEqual([status, hard], ["unknown", false], reason);
    return reason;
  };
  assert.match(
    await unknown(join(folder, "nowhere")),
    /has no ping program: install it \(Debian.*iputils-ping/,
  );
  writeFileSync(join(folder, "plain"), "");
  assert.match(await unknown(join(folder, "plain")), /may not run this machine's ping program/);
  const failing = (words: string) => program(`echo '${words}' >&2; exit 2`);
  const refused = await unknown(failing("ping: permission denied (are you root?)"));
  assert.match(refused, /may not ping: give it the capability NET_RAW/);
  assert.match(
    await unknown(failing("ping: connect: Network is unreachable")),
    /has no route \(ENETUNREACH\)/,
  );
  const odd = await unknown(failing("ping: invalid option"));
  assert.equal(odd, "[unknown] this machine's ping program failed: “ping: invalid option”");
  const long = await unknown(saying(""), { count: 20 });
  assert.match(long, /^\[unknown\] 20 pings take 19 s to send, which the timeout leaves no time for/);
});

test("a program that does not end is killed when the time is over", { skip }, async () => {
  const pid = join(folder, "pid");
  const file = program(`echo $$ > ${pid}\necho PING\nexec sleep 60`);
  const startedMs = performance.now();
  const result = await run(file, { count: 1 }, { timeoutMs: 1_100 });
  assert.deepEqual([result.status, result.cause], ["down", "loss:all"]);
  assert.ok(performance.now() - startedMs < 2_000);
  assert.throws(() => process.kill(Number(readFileSync(pid, "utf8")), 0), { code: "ESRCH" });
});

test("the address is resolved, guarded and handed over, with no shell in between", { skip }, async () => {
  const heard = join(folder, "heard");
  const file = program(`printf '%s\\n' "$@" > ${heard}\necho "LANG $LANG, LC_ALL $LC_ALL"`);
  const resolve = async (_host: string, family?: 4 | 6) => (family === 6 ? ["2001:db8::7"] : ["192.0.2.8"]);
  await run(file, { host: "gw.test", count: 2 }, { resolve });
  const given = readFileSync(heard, "utf8").trimEnd().split("\n");
  assert.deepEqual([given.at(-1), given.includes("gw.test")], ["192.0.2.8", false]);
  if (process.platform === "linux") {
    await run(file, { host: "gw.test", ip: 6 }, { resolve });
    assert.match(readFileSync(heard, "utf8"), /^2001:db8::7$/m);
  }
  rmSync(heard);
  const guard = createAddressGuard({ ownPorts: [], allowPrivate: false });
  const refused = await run(file, { host: "10.0.0.1" }, { guard });
  assert.deepEqual([refused.status, refused.cause], ["unknown", "guard"]);
  assert.throws(() => readFileSync(heard), { code: "ENOENT" });
  const nothing = () => Promise.reject(new DnsError("ENODATA", "gw.test"));
  const lacking = await run(file, { host: "gw.test", ip: 6 }, { resolve: nothing });
  assert.deepEqual([lacking.status, lacking.reason], ["down", "[dns] gw.test has no IPv6 address"]);
});

const mayPing = skip === false && spawnSync("ping", ["-c", "1", "127.0.0.1"]).status === 0;

test("this machine's own program pings loopback", { skip: !mayPing && "it has none" }, async () => {
  const result = await ping.check(
    ping.schema.parse({ host: "localhost", count: 2, interval: "200ms", size: 64, expect: { loss: 0 } }),
    contextWith({ timeoutMs: 5_000 }),
  );
  assert.match(result.reason, /^\[ok\] 2 of 2 in [\d.]+ ms$/);
});

test("what is wrong with a configuration is said at its field", () => {
  const complaint = (config: object) => {
    const [issue] = ping.schema.safeParse({ host: "a.test", ...config }).error?.issues ?? [];
    return `${issue?.path.join(".")}: ${issue?.message}`;
  };
  assert.match(complaint({ host: "-c 1" }), /^host: .*is no host name/);
  assert.match(complaint({ count: 2.5 }), /^count: write how many requests/);
  assert.match(complaint({ interval: "1ms" }), /^interval: write an interval from 200ms to 10s/);
  assert.match(complaint({ size: 8 }), /^size: /);
  assert.match(complaint({ host: "192.0.2.7", ip: 6 }), /^ip: 192\.0\.2\.7 is an IPv4 address/);
  assert.match(complaint({ expect: { loss: 100 } }), /^expect\.loss: write a percentage/);
  assert.match(complaint({ count: 1, expect: { jitter: "5ms" } }), /^expect\.jitter: a single answer/);
});

test("described in a sentence", () => {
  const said = (config: object) => ping.describe(ping.schema.parse({ host: "gw.test", ...config }));
  assert.equal(said({}), "gw.test answers pings.");
  assert.equal(
    said({ ip: 6, expect: { loss: 20, latency: "50ms", jitter: "30ms" } }),
    "gw.test answers pings over IPv6, with no more than 20 % lost, in under 50 ms on average, with a jitter under 30 ms.",
  );
});
