import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../test/support/keepwatch.ts";

const PROGRAM = "prometheus-blackbox-exporter";
/** What /proc counts CPU in on Linux: hundredths of a second. */
const TICK_S = 0.01;

const CONFIG = `modules:
  page:
    prober: http
    timeout: 5s
    http: { fail_if_body_not_matches_regexp: ["xxx"], preferred_ip_protocol: ip4, tls_config: { insecure_skip_verify: true } }
`;

/**
 * CPU-seconds per 1,000 probes of `url` by the Prometheus blackbox exporter, a new connection each, answers judged and
 * nothing stored. Null where it is not installed.
 */
export async function blackboxCost(url: string, probes: number, atOnce: number): Promise<number | null> {
  const folder = await mkdtemp(join(tmpdir(), "keepwatch-blackbox-"));
  const file = join(folder, "blackbox.yml");
  await writeFile(file, CONFIG);
  const port = await freePort();
  const child = spawn(PROGRAM, [`--config.file=${file}`, `--web.listen-address=127.0.0.1:${port}`], {
    stdio: "ignore",
  });
  const started = await Promise.race([
    once(child, "spawn").then(() => true),
    once(child, "error").then(() => false),
  ]);
  if (!started) return null;
  const probe = async () => {
    const answer = await fetch(
      `http://127.0.0.1:${port}/probe?module=page&target=${encodeURIComponent(url)}`,
    );
    const text = await answer.text();
    if (!/^probe_success 1$/m.test(text))
      throw new Error(`the blackbox exporter did not find ${url} well:\n${text}`);
  };
  try {
    await untilListening(probe);
    await many(500, atOnce, probe);
    const before = await cpuSeconds(child.pid ?? 0);
    await many(probes, atOnce, probe);
    return ((await cpuSeconds(child.pid ?? 0)) - before) / (probes / 1_000);
  } finally {
    child.kill();
    await rm(folder, { recursive: true });
  }
}

async function untilListening(probe: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await probe();
    } catch (error) {
      if (tries > 50) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}

async function many(count: number, atOnce: number, run: () => Promise<void>): Promise<void> {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await run();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** User and system time of a process, from Linux's /proc. */
async function cpuSeconds(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_S;
}
