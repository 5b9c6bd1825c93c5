import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { averageMs, jitterMs, readOutput } from "./output.ts";
import { commandLine } from "./program.ts";

const IPUTILS = `\
PING 192.0.2.7 (192.0.2.7) 56(84) bytes of data.
64 bytes from 192.0.2.7: icmp_seq=1 ttl=57 time=12.4 ms
64 bytes from 192.0.2.7: icmp_seq=2 ttl=57 time=10.9 ms
64 bytes from 192.0.2.7: icmp_seq=2 ttl=57 time=11.1 ms (DUP!)

--- 192.0.2.7 ping statistics ---
3 packets transmitted, 2 received, +1 duplicates, 33.3333% packet loss, time 2003ms
rtt min/avg/max/mdev = 10.900/11.466/12.400/0.665 ms
`;

const BUSYBOX = `\
PING 192.0.2.7 (192.0.2.7): 56 data bytes
64 bytes from 192.0.2.7: seq=0 ttl=57 time=12.400 ms
64 bytes from 192.0.2.7: seq=1 ttl=57 time=10.900 ms

--- 192.0.2.7 ping statistics ---
3 packets transmitted, 2 packets received, 33% packet loss
round-trip min/avg/max = 10.900/11.650/12.400 ms
`;

const MACOS = `\
PING 192.0.2.7 (192.0.2.7): 56 data bytes
64 bytes from 192.0.2.7: icmp_seq=0 ttl=57 time=12.400 ms
Request timeout for icmp_seq 1
64 bytes from 192.0.2.7: icmp_seq=2 ttl=57 time=10.900 ms

--- 192.0.2.7 ping statistics ---
3 packets transmitted, 2 packets received, 33.3% packet loss
round-trip min/avg/max/stddev = 10.900/11.650/12.400/0.750 ms
`;

const MACOS_IPV6 = `\
PING6(56=40+8+8 bytes) 2001:db8::1 --> 2001:db8::7
16 bytes from 2001:db8::7, icmp_seq=0 hlim=57 time=12.400 ms
16 bytes from 2001:db8::7, icmp_seq=1 hlim=57 time=10.900 ms

--- 2001:db8::7 ping6 statistics ---
3 packets transmitted, 2 packets received, 33.3% packet loss
round-trip min/avg/max/std-dev = 10.900/11.650/12.400/0.750 ms
`;

const WINDOWS = `\r
Ping wird ausgeführt für 192.0.2.7 mit 32 Bytes Daten:\r
Antwort von 192.0.2.7: Bytes=32 Zeit=12ms TTL=57\r
Zeitüberschreitung der Anforderung.\r
Antwort von 192.0.2.7: Bytes=32 Zeit<1ms TTL=57\r
\r
Ping-Statistik für 192.0.2.7:\r
    Pakete: Gesendet = 3, Empfangen = 2, Verloren = 1\r
    (33% Verlust),\r
Ca. Zeitangaben in Millisek.:\r
    Minimum = 1ms, Maximum = 12ms, Mittelwert = 6ms\r
`;

test("every program's answers are read, duplicates left out", () => {
  for (const [name, printed] of Object.entries({ IPUTILS, BUSYBOX, MACOS, MACOS_IPV6 })) {
    const expected = { roundTripsMs: [12.4, 10.9], complaint: null, isWhole: true };
    assert.deepEqual(readOutput(printed), expected, name);
  }
  assert.deepEqual(readOutput(WINDOWS).roundTripsMs, [12, 1]);
});

const lost = (lines: string) =>
  `PING 192.0.2.7\n${lines}\n\n--- statistics ---\n3 packets transmitted, 0 received, 100% packet loss\n`;

test("what routers say instead of the host is kept, with who says it", () => {
  for (const [line, complaint] of [
    ["From 10.0.0.1 icmp_seq=1 Destination Host Unreachable", "10.0.0.1 says “Destination Host Unreachable”"],
    ["From gw (10.0.0.1) icmp_seq=1 Time to live exceeded", "gw says “Time to live exceeded”"],
    [
      "From fe80::1%eth0 icmp_seq=1 Destination unreachable: Address unreachable",
      "fe80::1%eth0 says “Destination unreachable: Address unreachable”",
    ],
    ["92 bytes from 10.0.0.1: Destination Host Unreachable", "10.0.0.1 says “Destination Host Unreachable”"],
    ["36 bytes from gw (10.0.0.1): Time to live exceeded", "gw says “Time to live exceeded”"],
    ["Reply from 10.0.0.1: Destination host unreachable.", "10.0.0.1 says “Destination host unreachable”"],
    ["Request timeout for icmp_seq 0", null],
  ] as const)
    assert.deepEqual(readOutput(lost(line)), { roundTripsMs: [], complaint, isWhole: true }, line);
});

test("a program that never began to ping has counted nothing", () => {
  for (const said of ["ping: connect: Network is unreachable", "ping: permission denied (are you root?)", ""])
    assert.equal(readOutput(said).isWhole, false, said);
});

test("no output, however odd, gives a round trip that is no number", () => {
  const line = fc.oneof(fc.string(), fc.constantFrom("a =1. ms", "b<..ms", "x =1.2.3 ms", "time=1e9 ms"));
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const { roundTripsMs } = readOutput(lines.join("\n"));
      assert.ok(roundTripsMs.every((ms) => Number.isFinite(ms) && ms >= 0));
    }),
    { seed: 7, numRuns: 200 },
  );
});

test("jitter is how much one answer differs from the one before", () => {
  assert.equal(jitterMs([10, 14, 12]), 3);
  assert.deepEqual([jitterMs([10]), averageMs([]), averageMs([1, 2])], [null, null, 1.5]);
});

test("each platform's program gets the options it knows, and the address alone", () => {
  const errand = { address: "192.0.2.7", count: 5, intervalMs: 500, size: 100, waitSeconds: 4 };
  const line = (platform: NodeJS.Platform, more: object = {}) =>
    commandLine({ ...errand, ...more }, platform)
      .flat()
      .join(" ");
  assert.equal(line("linux"), "ping -n -c 5 -i 0.5 -s 100 -W 4 192.0.2.7");
  assert.equal(line("linux", { intervalMs: undefined, size: undefined }), "ping -n -c 5 -W 4 192.0.2.7");
  assert.equal(line("darwin"), "ping -n -c 5 -i 0.5 -s 100 -W 4000 192.0.2.7");
  assert.equal(line("darwin", { address: "2001:db8::7" }), "ping6 -n -c 5 -i 0.5 -s 100 2001:db8::7");
  assert.equal(line("win32"), "ping -n 5 -w 4000 -l 100 192.0.2.7");
});
