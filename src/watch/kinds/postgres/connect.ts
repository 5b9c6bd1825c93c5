import type { Socket } from "node:net";
import { connect, upgrade } from "../base/connection.ts";
import { Failure } from "../base/failure.ts";
import { type TlsWish, tlsWishOf } from "../base/tls-wish.ts";
import type { Trace } from "../base/trace.ts";
import type { CheckContext } from "../kind.ts";
import type { SqlConfig } from "../sql/config.ts";
import { Line } from "../sql/line.ts";
import { messages } from "./messages.ts";

export const POSTGRES_PORT = 5432;

/** Length 8 and the number that stands for "TLS, please" where a protocol version would. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
/** A guarded connection, encrypted where the monitor wants it, for pg to speak over. */
export async function postgresLine(config: SqlConfig, context: CheckContext, trace: Trace): Promise<Line> {
  const { host, port = POSTGRES_PORT } = config;
  const tls = tlsWishOf(config.tls);
  const plain = await connect({ host, port }, context, trace);
  const socket = tls ? await secured(plain, { host, tls }, { context, trace }) : plain;
  return new Line(socket, { protocol: "PostgreSQL", framing: messages });
}

async function secured(
  plain: Socket,
  { host, tls }: { host: string; tls: TlsWish },
  hands: { context: CheckContext; trace: Trace },
): Promise<Socket> {
  hands.trace.enter("tls");
  const answer = (await answerTo(plain, SSL_REQUEST)).toString("latin1");
  // More than the one letter was put there before the encryption, so not by the server (CVE-2021-23222).
  if (answer !== "S" && answer !== "N") {
    throw new Failure({ reason: "[protocol] the answer is not PostgreSQL", code: "protocol" });
  }
  if (answer === "N") throw new Failure({ reason: "[tls] the server does not offer TLS", code: "tls:none" });
  return upgrade(plain, { host, secure: tls }, hands);
}

function answerTo(socket: Socket, question: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const closed = () => reject(Object.assign(new Error("closed"), { code: "ECONNRESET" }));
    socket.once("error", reject).once("close", closed);
    socket.once("data", (answer: Buffer) => {
      socket.pause().off("error", reject).off("close", closed);
      resolve(answer);
    });
    socket.write(question);
  });
}
