/**
 * A Keepwatch in miniature for `embedded.test.ts`, to be killed: `node embedded.child.ts DATA_DIR`. Starts the
 * database and adds rows to `kept` one after another, through crashes of PostgreSQL. Says on its output, a line
 * of JSON each: `{ready}`, `{committed}` only after the row was committed, `{change}`, `{refused}`.
 */
import pg from "pg";
import { StartError } from "../start-error.ts";
import { type EmbeddedPostgres, startEmbedded } from "./embedded.ts";

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function write({ url }: EmbeddedPostgres): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  pool.on("error", () => {});
  await pool.query("create table if not exists kept (id bigint generated always as identity primary key)");
  while (!stopping) {
    try {
      const { rows } = await pool.query("insert into kept default values returning id");
      say({ committed: Number(rows[0].id) });
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20)); // PostgreSQL is being brought back
    }
  }
  await pool.end();
}

let stopping = false;
try {
  const dataDir = process.argv[2]!;
  const database = await startEmbedded({ dataDir, log: (message) => say({ log: message }) });
  database.onChange((change) => say({ change }));
  const { url, adopted, firstStart } = database;
  process.once("SIGTERM", () => {
    stopping = true;
  });
  say({ ready: { url, adopted, firstStart } });
  await write(database);
  await database.stop();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  say({ refused: { message: error.message, mend: error.mend } });
  process.exitCode = 1;
}
