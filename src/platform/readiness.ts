import { sql } from "kysely";
import type { Db } from "./database/database.ts";

/** What `/readyz` tells: each part by name, ready or why not. */
export interface Readiness {
  ready: boolean;
  parts: Record<string, string>;
}

const LIMIT_MS = 2_000;

/** Asks the database, within 2 s, and every other part for its own word (null: it is fine). */
export async function readiness(db: Db, parts: Record<string, () => string | null>): Promise<Readiness> {
  const told: Record<string, string> = { database: await databaseState(db) };
  for (const [name, ask] of Object.entries(parts)) told[name] = ask() ?? "ready";
  return { ready: Object.values(told).every((text) => text === "ready"), parts: told };
}

async function databaseState(db: Db): Promise<string> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  const late = new Promise<string>((resolve) => {
    limit.addEventListener("abort", () => resolve(`no answer within ${LIMIT_MS} ms`));
  });
  const answer = sql`select 1`.execute(db).then(
    () => "ready",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return Promise.race([answer, late]);
}
