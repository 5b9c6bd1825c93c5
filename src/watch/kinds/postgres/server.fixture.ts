import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import pg from "pg";
import { KEY, VALID } from "../../fixtures/certificates.ts";
import { rawServer, type TestServer } from "../../fixtures/servers.ts";

/** A way over TCP to the tests' PostgreSQL, which may listen on a Unix socket alone. */
export interface Door extends TestServer {
  /** What a monitor needs to get in. */
  config: { host: string; port: number; database: string; user: string; password?: string };
  /** What the owner sees, over a connection of the test's own. */
  query(text: string): Promise<object[]>;
}

/** @param url of the real server */
export async function postgresDoor(url: string, options: { tls?: boolean } = {}): Promise<Door> {
  const { host, port, user = "", password, database = "" } = new pg.Client({ connectionString: url });
  const back = () =>
    host.startsWith("/") ? net.connect(`${host}/.s.PGSQL.${port}`) : net.connect(port, host);
  const server = await rawServer((front) => {
    if (options.tls) void encrypted(front, back());
    else join(front, back());
  });
  return {
    ...server,
    config: { host: "127.0.0.1", port: server.port, database, user, ...(password ? { password } : {}) },
    async query(text) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        return (await client.query<object>(text)).rows;
      } finally {
        await client.end();
      }
    },
  };
}

function join(front: net.Socket, back: net.Socket): void {
  front.pipe(back).pipe(front);
  front.on("error", () => {}).on("close", () => back.destroy());
  back.on("error", () => {}).on("close", () => front.destroy());
}

/** Says yes to the request for TLS, as a server with a certificate does, and speaks for PostgreSQL inside. */
async function encrypted(front: net.Socket, back: net.Socket): Promise<void> {
  await once(front, "data");
  front.write("S");
  join(new tls.TLSSocket(front, { isServer: true, key: KEY, cert: VALID }), back);
}
