/**
 * What a check costs: CPU-seconds of the whole prober (worker and main side, without the server) per 1,000 full
 * checks of a local page, a new connection each; beside it, where it is installed, the Prometheus blackbox exporter on the
 * same page in the same run, and the bare requests of node:http(s) with nothing judged. `node bench/probe-cost.ts [checks] [http|https]`.
 */

import { fork } from "node:child_process";
import { once } from "node:events";
import http, { createServer } from "node:http";
import https, { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { systemClock } from "../src/platform/clock.ts";
import { KEY, VALID } from "../src/watch/fixtures/certificates.ts";
import { type ProbeTarget, startProber } from "../src/watch/prober/prober.ts";
import { blackboxCost } from "./support/blackbox.ts";

const WARM_UP = 500;
const AT_ONCE = 32;
const BODY = "x".repeat(4_000);

function serve(scheme: string): void {
  const answer = createServer((_request, response) => response.end(BODY));
  const server: Server =
    scheme === "https"
      ? createTlsServer({ key: KEY, cert: VALID }, (_request, response) => response.end(BODY))
      : answer;
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
}

/** CPU-seconds per 1,000 requests of the standard library alone, a new connection each. */
async function bareCost(url: string, requests: number): Promise<number> {
  const get = url.startsWith("https") ? https.get : http.get;
  const one = () =>
    new Promise<void>((done, fail) => {
      get(url, { agent: false, rejectUnauthorized: false }, (answer) => {
        answer.resume().on("end", done);
      }).on("error", fail);
    });
  const many = (count: number) => {
    let left = count;
    const next = async () => {
      while (left-- > 0) await one();
    };
    return Promise.all(Array.from({ length: AT_ONCE }, next));
  };
  await many(WARM_UP);
  const before = process.cpuUsage();
  await many(requests);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / requests;
}

interface Figures {
  cpuMsPerCheck: number;
  checksPerSecond: number;
  medianMs: number;
  p99Ms: number;
  notUp: number;
  /** CPU-seconds per 1,000. */
  bare: number;
  /** CPU-seconds per 1,000 probes; null where it is not installed. */
  blackbox: number | null;
}

async function measure(checks: number, scheme: string): Promise<Figures> {
  const server = fork(import.meta.filename, ["serve", scheme]);
  const [port] = await once(server, "message");
  const limits = { total: AT_ONCE, perHost: AT_ONCE };
  const prober = startProber({
    clock: systemClock,
    guard: { ownPorts: [], allowPrivate: true },
    limits,
    onResult: (id, { status, timings }) => taken.push({ id, status, ms: timings.total ?? 0 }),
  });
  const taken: { id: string; status: string; ms: number }[] = [];
  const config = {
    url: `${scheme}://127.0.0.1:${port}/`,
    tls: { verify: false },
    expect: { body_contains: "xxx", latency: "5s" },
  };
  const target = (id: string): ProbeTarget => ({
    id,
    kind: "http",
    config,
    everyMs: 3_600_000,
    timeoutMs: 5_000,
  });
  const run = async (count: number) => {
    taken.length = 0;
    for (let i = 0; i < count; i++) prober.recheckAt(`m${i}`, 0);
    while (taken.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  for (let i = 0; i < checks; i++) prober.set(target(`m${i}`));
  await run(WARM_UP);
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  await run(checks);
  const tookMs = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  await prober.stop();
  const bare = await bareCost(config.url, checks);
  const blackbox = await blackboxCost(config.url, checks, AT_ONCE);
  server.kill();
  const sorted = taken.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return {
    cpuMsPerCheck: (user + system) / 1_000 / checks,
    checksPerSecond: (checks / tookMs) * 1_000,
    medianMs: at(0.5),
    p99Ms: at(0.99),
    notUp: taken.filter(({ status }) => status !== "up").length,
    bare,
    blackbox,
  };
}

const [first = "5000", scheme = "http"] = process.argv.slice(2);
if (first === "serve") serve(scheme);
else {
  const checks = Math.min(5_000, Number(first));
  const figures = await measure(checks, scheme);
  console.log(`${checks} ${scheme} checks, ${AT_ONCE} at once, a new connection each`);
  console.log(`CPU per 1,000 checks  ${figures.cpuMsPerCheck.toFixed(2)} s`);
  console.log(`checks per second     ${Math.round(figures.checksPerSecond)}`);
  console.log(
    `time of a check       median ${figures.medianMs.toFixed(1)} ms, p99 ${figures.p99Ms.toFixed(1)} ms`,
  );
  console.log(`not up                ${figures.notUp}`);
  const { bare, blackbox } = figures;
  console.log(`bare node:${scheme} loop   ${bare.toFixed(2)} s of CPU per 1,000 requests, nothing judged`);
  console.log(
    `blackbox exporter     ${blackbox === null ? "not installed" : `${blackbox.toFixed(2)} s of CPU per 1,000 probes of the same page, nothing stored`}`,
  );
}
