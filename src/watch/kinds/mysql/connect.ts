import type { Socket } from "node:net";
import type { Connection } from "mysql2";
import { connect, upgrade } from "../base/connection.ts";
import { type TlsWish, tlsWishOf } from "../base/tls-wish.ts";
import type { Trace } from "../base/trace.ts";
import type { CheckContext } from "../kind.ts";
import type { SqlConfig } from "../sql/config.ts";
import { Line } from "../sql/line.ts";
import { packets } from "./packets.ts";

export const MYSQL_PORT = 3306;

export interface MysqlConnection {
  line: Line;
  connection: Connection;
}

/** Loaded by the first check that needs it: 90 files and 5 MB in each worker, for kinds that few monitors have. */
export const loadDriver = () => import("mysql2");

/** A guarded connection with mysql2 speaking over it, about to sign in. */
export async function mysqlOver(
  config: SqlConfig,
  context: CheckContext,
  trace: Trace,
): Promise<MysqlConnection> {
  const { createConnection } = await loadDriver();
  const { host, port = MYSQL_PORT, user, database, password = "" } = config;
  const tls = tlsWishOf(config.tls);
  const plain = await connect({ host, port }, context, trace);
  trace.enter("first_byte");
  const line = new Line(plain, { protocol: "MySQL", framing: packets(tls !== null) });
  const connection = createConnection({
    stream: line,
    user,
    database,
    password,
    // The check has a deadline of its own.
    connectTimeout: 0,
    // Without it, names of columns would be compiled into code.
    disableEval: true,
    ...(tls ? { ssl: {} } : {}),
  });
  connection.on("error", () => {});
  if (tls) encryptsBy(connection, () => encrypt({ line, plain }, { host, tls }, { context, trace }));
  return { line, connection };
}

/**
 * Has mysql2 encrypt as every other check does: with the shared trust, its time counted as TLS, the certificate
 * kept as evidence. Its own way would make a context per connection and keep the certificate to itself.
 */
function encryptsBy(connection: Connection, encrypt: () => Promise<void>): void {
  // A failure is told by the line, which has broken by then.
  const startTLS = (done: () => void): void => void encrypt().then(done, () => {});
  Object.assign(connection, { startTLS });
}

async function encrypt(
  { line, plain }: { line: Line; plain: Socket },
  { host, tls }: { host: string; tls: TlsWish },
  hands: { context: CheckContext; trace: Trace },
): Promise<void> {
  line.leaves();
  try {
    line.rides(await upgrade(plain, { host, secure: tls }, hands));
    hands.trace.enter("first_byte");
  } catch (error) {
    line.break(error);
    throw error;
  }
}
