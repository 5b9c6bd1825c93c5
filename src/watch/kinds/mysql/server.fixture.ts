import { createHash } from "node:crypto";
import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import { type Connection, createServer } from "mysql2";
import { KEY, VALID } from "../../fixtures/certificates.ts";
import { rawServer, type TestServer } from "../../fixtures/servers.ts";

/** LONG_PASSWORD, CONNECT_WITH_DB, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, PLUGIN_AUTH. */
const CAPABILITIES = 0x1 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x80000;
const SSL = 0x800;
const SSL_REQUEST_BYTES = 36;
const VARCHAR = 253;
const UTF8 = 33;
const SETTING = /^set\b/;

/** Rows of texts, an error with its number, or nothing at all. */
export type Answer =
  | readonly (readonly (string | null)[])[]
  | { code: number; message: string }
  | "ok"
  | "silence";

export interface MysqlServer extends TestServer {
  /** The statements of all visitors, in order. */
  heard: string[];
}

export interface MysqlServerOptions {
  password?: string;
  /** Offers TLS; nothing else is said once it is asked for. */
  tls?: boolean;
  /** To queries other than settings. */
  answer?(sql: string): Answer;
}

/** mysql2's own server, which speaks the protocol from the greeting to the last row. */
export async function mysqlServer(options: MysqlServerOptions = {}): Promise<MysqlServer> {
  const heard: string[] = [];
  const inner = createServer((connection) => {
    connection.on("error", () => {});
    greet(connection, options);
    const hear = (sql: string) => {
      heard.push(sql);
      reply(connection, SETTING.test(sql) ? "ok" : (options.answer?.(sql) ?? [["1"]]));
    };
    // It takes `set` for the beginning of a prepared statement.
    connection.on("query", hear).on("stmt_prepare", hear);
  });
  const server: net.Server = Reflect.get(inner, "_server");
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const door = await rawServer((front) => {
    const back = net.connect(port, "127.0.0.1");
    if (options.tls) encrypted(front, back);
    else join(front, back);
  });
  return {
    ...door,
    heard,
    async [Symbol.asyncDispose]() {
      await door[Symbol.asyncDispose]();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function greet(connection: Connection, { password = "", tls: offersTls = false }: MysqlServerOptions): void {
  connection.serverHandshake({
    protocolVersion: 10,
    serverVersion: "8.4.0",
    connectionId: 1,
    statusFlags: 2,
    characterSet: UTF8,
    capabilityFlags: CAPABILITIES | (offersTls ? SSL : 0),
    authCallback(login: Login, done: (error: null, refusal?: { code: number; message: string }) => void) {
      if (login.database === "nowhere") return done(null, { code: 1049, message: "Unknown database" });
      const scramble = Buffer.concat([login.authPluginData1, login.authPluginData2]);
      const right = login.authToken.equals(nativeToken(password, scramble));
      done(null, right ? undefined : { code: 1045, message: `Access denied for user '${login.user}'` });
      connection.sequenceId = 0;
    },
  });
}

interface Login {
  user: string;
  database: string;
  authPluginData1: Buffer;
  authPluginData2: Buffer;
  authToken: Buffer;
}

const sha1 = (...parts: (string | Buffer)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha1")).digest();

/** What mysql_native_password sends: sha1(password) xor sha1(scramble, sha1(sha1(password))). */
function nativeToken(password: string, scramble: Buffer): Buffer {
  if (password === "") return Buffer.alloc(0);
  const once = sha1(password);
  const mask = sha1(scramble, sha1(once));
  return Buffer.from(once.map((byte, i) => byte ^ (mask[i] ?? 0)));
}

function reply(connection: Connection, answer: Answer): void {
  if (answer === "ok") connection.writeOk();
  else if (answer !== "silence") {
    if ("code" in answer) connection.writeError({ ...answer });
    else table(connection, answer);
  }
  // Packets are numbered anew from each command on.
  connection.sequenceId = 0;
}

function table(connection: Connection, answer: readonly (readonly (string | null)[])[]): void {
  const names = (answer[0] ?? ["a"]).map((_, i) => `column ${i}`);
  const columns = names.map((name) => ({
    catalog: "def",
    schema: "",
    table: "",
    orgTable: "",
    name,
    orgName: name,
    characterSet: UTF8,
    columnLength: 300,
    columnType: VARCHAR,
    flags: 0,
    decimals: 0,
  }));
  const rows = answer.map((cells) => Object.fromEntries(cells.map((cell, i) => [`column ${i}`, cell])));
  connection.writeTextResult(rows, columns);
}

function join(front: net.Socket, back: net.Socket): void {
  front.pipe(back).pipe(front);
  front.on("error", () => {}).on("close", () => back.destroy());
  back.on("error", () => {}).on("close", () => front.destroy());
}

/** Answers the request for TLS as a server with a certificate does; the server behind never hears of it. */
function encrypted(front: net.Socket, back: net.Socket): void {
  back.once("data", (greeting: Buffer) => {
    front.write(greeting);
    front.once("readable", () => {
      // No more than this: the handshake may have come along with it.
      front.read(SSL_REQUEST_BYTES);
      const secure = new tls.TLSSocket(front, { isServer: true, key: KEY, cert: VALID });
      // The request had a number, so those of the sign-in are one ahead of what the server behind counts.
      secure.once("data", (login: Buffer) => {
        back.write(renumbered(login, -1));
        back.once("data", (answer: Buffer) => {
          secure.write(renumbered(answer, 1));
          join(secure, back);
        });
      });
      secure.on("error", () => back.destroy()).on("close", () => back.destroy());
    });
  });
  back.on("error", () => {});
}

function renumbered(packet: Buffer, by: number): Buffer {
  const copy = Buffer.from(packet);
  copy[3] = (copy[3] ?? 0) + by;
  return copy;
}
