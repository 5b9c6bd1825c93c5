import { createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { receivedPart } from "../alert/integrations/engine.ts";
import { writeBackup } from "../platform/backup/write.ts";
import { later } from "../platform/clock.ts";
import "../page/providers/table.ts";
import type { Part } from "../platform/parts.ts";
import type { Platform } from "../platform/platform.ts";
import { VERSION } from "../version.ts";
import { dropOldDays, packFullHours } from "../watch/results/keep.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const KEPT_BACKUPS = 7;
const DEAF_AFTER_MS = 5 * MINUTE_MS;

export interface BackgroundOptions {
  platform: Platform;
  databaseUrl: string;
  dataDir: string;
  ownSecret: string | undefined;
  deadmanUrl: string | undefined;
}

/** What runs beside the loop; each with a limit and a catch of its own. */
export function backgroundParts(options: BackgroundOptions): Part[] {
  const { platform } = options;
  const { db, clock } = platform;
  const parts: Part[] = [
    {
      name: "packing of results",
      everyMs: 5 * MINUTE_MS,
      limitMs: 10 * MINUTE_MS,
      run: async () => void (await packFullHours(db, clock.now())),
    },
    {
      name: "retention",
      everyMs: HOUR_MS,
      limitMs: 10 * MINUTE_MS,
      run: async () => void (await dropOldDays(db, clock.now())),
    },
    receivedPart(platform),
    {
      name: "hearing answers",
      everyMs: MINUTE_MS,
      limitMs: 20_000,
      run: () => lookForDeafness(platform),
    },
    {
      name: "nightly backup",
      everyMs: 10 * MINUTE_MS,
      limitMs: HOUR_MS,
      run: (signal) => nightlyBackup(options, signal),
    },
  ];
  const { deadmanUrl } = options;
  if (deadmanUrl) {
    parts.push({
      name: "dead-man ping",
      everyMs: MINUTE_MS,
      limitMs: 20_000,
      run: (signal) => deadmanPing(deadmanUrl, signal),
    });
  }
  return parts;
}

/** A provider that can't be asked for answers for so long is said: somebody may be pressing a button that nobody hears. */
async function lookForDeafness({ db, clock }: Platform): Promise<void> {
  const deaf = await db
    .selectFrom("providers")
    .select(["slug", "failure"])
    .where("failing_since", "<", later(clock.now(), -DEAF_AFTER_MS))
    .orderBy("slug")
    .execute();
  if (deaf.length === 0) return;
  const said = deaf.map(({ slug, failure }) => `${slug} (${failure ?? "no reason given"})`).join(", ");
  throw new Error(`No answers are heard from ${said}`);
}

/** Tells somebody else that we are alive; when it stops, they notice. */
async function deadmanPing(url: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { method: "GET", signal, redirect: "follow" });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`KEEPWATCH_DEADMAN_URL answered ${response.status}`);
}

/** One backup a day (UTC) into `<data>/backups`, written aside and renamed; the last seven are kept. */
export async function nightlyBackup(options: BackgroundOptions, signal: AbortSignal): Promise<void> {
  const { platform, databaseUrl, dataDir, ownSecret } = options;
  const now = platform.clock.now();
  const folder = join(dataDir, "backups");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const today = now.toZonedDateTimeISO("UTC").toPlainDate().toString();
  const name = `keepwatch-${today}.backup`;
  const there = (await readdir(folder))
    .filter((file) => /^keepwatch-\d{4}-\d{2}-\d{2}\.backup$/.test(file))
    .sort();
  if (!there.includes(name)) {
    const aside = join(folder, `${name}.new`);
    const source = writeBackup({ url: databaseUrl, version: VERSION, now, secret: ownSecret });
    await pipeline(source, createWriteStream(aside, { mode: 0o600 }), { signal });
    await rename(aside, join(folder, name));
    there.push(name);
  }
  for (const old of there.slice(0, -KEPT_BACKUPS)) await rm(join(folder, old));
}
