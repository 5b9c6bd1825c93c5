import tls from "node:tls";
import { INTERMEDIATE, KEY, LEAF, VALID } from "../../fixtures/certificates.ts";
import { rawServer, type TestServer } from "../../fixtures/servers.ts";

/** The certificate with the intermediate that a server should send along. */
export const WHOLE = `${LEAF}${INTERMEDIATE}`;

const shakeHands = (
  socket: ConstructorParameters<typeof tls.TLSSocket>[0],
  more: tls.SecureContextOptions,
) => {
  const secureContext = tls.createSecureContext({ key: KEY, cert: VALID, ...more });
  const encrypted = new tls.TLSSocket(socket, { isServer: true, secureContext });
  encrypted.on("error", () => {});
  return encrypted.resume();
};

/** Speaks TLS at once. */
export const tlsServer = (more: tls.SecureContextOptions = {}): Promise<TestServer> =>
  rawServer((socket) => void shakeHands(socket, more));

export interface Script {
  greeting?: string | Buffer;
  /** Pairs of what is heard and what is said to it; after the last one TLS begins. */
  answers: readonly (readonly [heard: RegExp, said: string | Buffer])[];
  /** Told what came over TLS; nothing if nothing did. */
  farewell?: (said: string) => void;
}

/** Speaks in clear by a script, and TLS once that is through. */
export const scriptedServer = ({ greeting, answers, farewell }: Script): Promise<TestServer> =>
  rawServer((socket) => {
    if (greeting !== undefined) socket.write(greeting);
    const left = [...answers];
    const take = (chunk: Buffer) => {
      const [wanted, said = ""] = left.shift() ?? [];
      if (!wanted?.test(chunk.toString("latin1"))) return socket.destroy();
      if (left.length > 0) return void socket.write(said);
      socket.off("data", take).pause().write(said);
      const encrypted = shakeHands(socket, {});
      encrypted.on("data", (bye: Buffer) => farewell?.(bye.toString()));
      encrypted.on("close", () => farewell?.(""));
    };
    socket.on("data", take);
  });
