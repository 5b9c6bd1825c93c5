/**
 * From the response that confirms a failure to the webhook being received, over many incidents.
 * Usage: `npm exec -- node bench/page-latency.ts [incidents]`, with KEEPWATCH_TEST_DATABASE_URL unset: it starts
 * Keepwatch with its own PostgreSQL in a temporary directory, as `npm start` would.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, freePort, startKeepwatch } from "../test/support/keepwatch.ts";
import { startReceiver, startTarget } from "../test/support/world.ts";

const COUNT = Number(process.argv[2] ?? 200);
const WIDTH = 20;
const SECRET = "a webhook secret for the benchmark";

const config = (targets: string[], hook: string): string => `keepwatch: 1
users:
  - email: ada@example.com
    role: admin
    contact_methods: [{ slug: hook, webhook: { url: "${hook}", secret: "${SECRET}" } }]
escalation_policies: [{ slug: p, levels: [{ targets: [{ user: ada@example.com }] }] }]
services:
${targets.map((_, n) => `  - { slug: s${n}, escalation_policy: p }`).join("\n")}
monitors:
${targets.map((url, n) => `  - { slug: m${n}, service: s${n}, kind: http, url: "${url}", every: 1s, timeout: 2s, confirm: { failures: 1 } }`).join("\n")}
`;

const percentile = (sorted: readonly number[], p: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;

const dataDir = await mkdtemp(join(tmpdir(), "keepwatch-bench-"));
const targets = await Promise.all(Array.from({ length: WIDTH }, () => startTarget()));
const receiver = await startReceiver(SECRET);
await writeFile(
  join(dataDir, "config.yaml"),
  config(
    targets.map((target) => target.url),
    receiver.url,
  ),
);
const keepwatch = await startKeepwatch({
  dataDir,
  port: await freePort(),
  env: { KEEPWATCH_CONFIG: join(dataDir, "config.yaml"), KEEPWATCH_SECRET: "a secret for the benchmark" },
});
const latencies: number[] = [];
try {
  const statusOf = async (slug: string) =>
    (await keepwatch.api<{ status: string }>("GET", `/monitors/${slug}`)).status;
  for (let n = 0; n < COUNT; n++) {
    const target = targets[n % WIDTH]!;
    const slug = `m${n % WIDTH}`;
    await eventually(`${slug} being up`, async () => (await statusOf(slug)) === "up");
    const before = receiver.received.length;
    target.answer.status = 503;
    const page = await eventually("the page", () =>
      receiver.received.slice(before).find((each) => each.type === "page"),
    );
    latencies.push(page.at - target.lastFailureAt());
    target.answer.status = 200;
    const pages = receiver.received.filter((each) => each.type === "page");
    if (pages.length > WIDTH) receiver.received.splice(0, receiver.received.length - WIDTH);
    // Answered, so that the next page to the same person does not wait in a bundle.
    await fetch(page.actions.acknowledge.url, { method: "POST", headers: { accept: "application/json" } });
  }
} finally {
  await keepwatch.stop();
  for (const target of targets) await target[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
}
const sorted = latencies.toSorted((a, b) => a - b);
console.log(
  `page latency over ${sorted.length} incidents, ms: p50 ${percentile(sorted, 0.5).toFixed(1)}  p95 ${percentile(sorted, 0.95).toFixed(1)}  p99 ${percentile(sorted, 0.99).toFixed(1)}  max ${sorted.at(-1)?.toFixed(1)}`,
);
console.log("Uptime Kuma 2.5.3, which confirms nothing and stores afterwards: p50 9–12, p99 24–160 ms.");
