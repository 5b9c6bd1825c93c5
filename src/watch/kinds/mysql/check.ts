import type { Connection } from "mysql2";
import type { CheckContext, CheckResult } from "../kind.ts";
import type { SqlConfig } from "../sql/config.ts";
import type { Line } from "../sql/line.ts";
import { probeSql, type Question } from "../sql/probe-sql.ts";
import { MOST_ROWS, type SqlResult } from "../sql/result.ts";
import { loadDriver, type MysqlConnection, mysqlOver } from "./connect.ts";
import { mysqlFailure } from "./failure.ts";

/** Signs in and asks one question, over a connection of its own. */
export async function checkMysql(config: SqlConfig, context: CheckContext): Promise<CheckResult> {
  // Not on the target's time.
  await loadDriver();
  return probeSql(config, context, async (question) =>
    ask(config, question, await mysqlOver(config, context, question.trace)),
  );
}

async function ask(
  config: SqlConfig,
  question: Question,
  { line, connection }: MysqlConnection,
): Promise<SqlResult> {
  let signedIn = false;
  connection.once("connect", () => {
    signedIn = true;
  });
  const talk = async () => {
    await run(connection, limits(question.statementMs()));
    // Of the session: what ends a transaction, as each `create` does, would leave the limits of that one behind.
    await run(connection, "set session transaction read only");
    return firstRows(connection, line, question.text);
  };
  try {
    return await Promise.race([talk(), line.broken]);
  } catch (error) {
    throw mysqlFailure(error, config, signedIn);
  } finally {
    // With a good-bye the server rolls back in silence; without, it logs each check as an aborted connection.
    connection.end();
  }
}

/**
 * The server's own limits, in one statement for both: MySQL runs what is in `/*!`, MariaDB what is in `/*M!`, and
 * each reads past the other's. The limit on rows ends a `select` that has no `limit` of its own.
 */
const limits = (statementMs: number): string =>
  `set sql_select_limit = ${MOST_ROWS}` +
  ` /*!50708 , max_execution_time = ${statementMs} */` +
  ` /*M!100100 , max_statement_time = ${statementMs / 1_000} */`;

const run = (connection: Connection, sql: string): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.query(sql, (error) => (error ? reject(error) : resolve()));
  });

/**
 * Reads at most `MOST_ROWS` rows of the first result, as text. The protocol has no way to stop a server in the
 * middle of a result, so where the query brings a larger `limit` of its own the connection is closed.
 */
function firstRows(connection: Connection, line: Line, sql: string): Promise<SqlResult> {
  const result: SqlResult = { rows: 0, first: undefined };
  return new Promise((resolve, reject) => {
    connection.on("error", reject);
    const query = connection.query({
      sql,
      rowsAsArray: true,
      typeCast: (field) => field.string("utf8"),
    });
    query.on("error", reject);
    query.on("result", (row: unknown, index: number) => {
      if (index > 0 || !Array.isArray(row)) return;
      if (result.rows === MOST_ROWS) {
        resolve(result);
        line.destroy();
        return;
      }
      if (result.rows === 0) result.first = textOf(row[0]);
      result.rows += 1;
    });
    query.on("end", () => resolve(result));
  });
}

const textOf = (cell: unknown): string | null | undefined =>
  cell === null || cell === undefined ? cell : String(cell);
