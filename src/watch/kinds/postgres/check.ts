import { Client } from "pg";
import type { CheckContext, CheckResult } from "../kind.ts";
import type { SqlConfig } from "../sql/config.ts";
import { flushed, type Line } from "../sql/line.ts";
import { probeSql, type Question } from "../sql/probe-sql.ts";
import type { SqlResult } from "../sql/result.ts";
import { postgresLine } from "./connect.ts";
import { postgresFailure } from "./failure.ts";
import { FirstRows } from "./first-rows.ts";

/** Signs in and asks one question, over a connection of its own. */
export const checkPostgres = (config: SqlConfig, context: CheckContext): Promise<CheckResult> =>
  probeSql(config, context, async (question) => {
    const line = await postgresLine(config, context, question.trace);
    question.trace.enter("first_byte");
    return ask(config, question, line);
  });

async function ask(config: SqlConfig, question: Question, line: Line): Promise<SqlResult> {
  const client = clientOver(line, config);
  let signedIn = false;
  const talk = async () => {
    await client.connect();
    signedIn = true;
    // By SQL rather than as start-up parameters, which a PgBouncer in between refuses.
    await client.query(
      `begin transaction read only; set local statement_timeout = ${question.statementMs()}`,
    );
    return client.query(new FirstRows(question.text)).result;
  };
  try {
    return await Promise.race([talk(), line.broken]);
  } catch (error) {
    throw postgresFailure(error, config, signedIn);
  } finally {
    // With a good-bye the server rolls back in silence; without, it logs each check as a lost client.
    client.end().catch(() => {});
    await flushed(line);
  }
}

function clientOver(line: Line, { user, database, password = "" }: SqlConfig): Client {
  const client = new Client({
    stream: () => line,
    user,
    database,
    // A function, so that an absent password isn't looked up in this machine's environment or ~/.pgpass.
    password: () => password,
    ssl: false,
    application_name: "keepwatch",
  });
  client.on("error", () => {});
  return client;
}
