import dgram from "node:dgram";
import { isIP, type Socket } from "node:net";
import { connect } from "../base/connection.ts";
import { Failure } from "../base/failure.ts";
import { spell } from "../base/finding.ts";
import type { Trace } from "../base/trace.ts";
import type { CheckContext } from "../kind.ts";
import { type Query, type Question, queryFor, type Reply, readReply } from "./message.ts";
import { placeOf, type Server } from "./server.ts";

export interface Asking {
  question: Question;
  /** By address for UDP; asked in turn until one answers. */
  servers: readonly Server[];
  context: CheckContext;
  trace: Trace;
  /** When the check must be over, on the context's clock. */
  untilMs: number;
}

/** An answer and where it came from. */
export interface Heard {
  reply: Reply;
  server: Server;
  protocol: "udp" | "tcp";
}

/** A datagram that got lost is sent again, at most so often. */
const FEWEST_TRIES = 3;
const LONGEST_TRY_MS = 2_000;
/** After the deadline, for an answer that lies in a socket already; ends before the probe's own second chance. */
const SECOND_CHANCE_MS = 10;

/** Asks with the extensions of today, and without them those who stumble over them. */
export async function ask(asking: Asking, protocol: "udp" | "tcp"): Promise<Heard> {
  const heard = await askOnce(asking, protocol, true);
  const stumbled = heard.reply.rcode === "FORMERR" || heard.reply.rcode === "NOTIMP";
  return stumbled ? askOnce({ ...asking, servers: [heard.server] }, protocol, false) : heard;
}

async function askOnce(asking: Asking, protocol: "udp" | "tcp", extended: boolean): Promise<Heard> {
  if (protocol === "tcp") return askByTcp(asking, extended);
  const heard = await askByUdp(asking, extended);
  return heard.reply.truncated ? askByTcp({ ...asking, servers: [heard.server] }, extended) : heard;
}

/** Each try has a socket, a port and an id of its own, and hears only whom it asked; the first answer counts. */
async function askByUdp(asking: Asking, extended: boolean): Promise<Heard> {
  const { servers, context, trace, untilMs } = asking;
  const { promise, resolve, reject } = Promise.withResolvers<Heard>();
  const ended = new AbortController();
  const tries = Math.max(FEWEST_TRIES, servers.length);
  const leftMs = Math.max(0, untilMs - context.monotonicMs());
  const tally = { sent: 0, failed: 0, odd: 0 };
  trace.enter("first_byte");
  const send = (): void => {
    const server = servers[tally.sent % servers.length];
    if (!server || tally.sent >= tries) return;
    tally.sent += 1;
    trace.target = placeOf(server);
    sendDatagram(server, queryFor(asking.question, extended), {
      signal: ended.signal,
      heard: (reply) => resolve({ reply, server, protocol: "udp" }),
      odd: () => {
        tally.odd += 1;
      },
      failed(error) {
        tally.failed += 1;
        if (error instanceof Failure) return reject(error);
        if (tally.sent < servers.length) send();
        else if (tally.failed === tally.sent) reject(error);
      },
    });
  };
  send();
  const again = setInterval(send, Math.min(LONGEST_TRY_MS, leftMs / (tries + 1)));
  let deadline = setTimeout(() => {
    deadline = setTimeout(() => reject(silence(asking, tally)), SECOND_CHANCE_MS);
  }, leftMs);
  try {
    return await promise;
  } finally {
    clearInterval(again);
    clearTimeout(deadline);
    ended.abort();
  }
}

interface Ears {
  signal: AbortSignal;
  heard(reply: Reply): void;
  /** Something came that doesn't answer the query. */
  odd(): void;
  failed(error: unknown): void;
}

function sendDatagram(server: Server, query: Query, { signal, heard, odd, failed }: Ears): void {
  const socket = dgram.createSocket({ type: isIP(server.host) === 6 ? "udp6" : "udp4", signal });
  socket.on("error", failed);
  socket.on("message", (bytes) => {
    try {
      const reply = readReply(bytes, query);
      if (reply) heard(reply);
      else odd();
    } catch (error) {
      failed(error);
    }
  });
  // Connected: the system lets through nobody else's datagrams, and tells when nothing listens there.
  socket.once("connect", () => socket.send(query.bytes));
  socket.connect(server.port, server.host);
}

function silence({ servers, context }: Asking, { sent, odd }: { sent: number; odd: number }): Failure {
  const whom = servers.slice(0, sent).map(placeOf).join(", ");
  const times = sent === 1 ? "once" : `${sent} times`;
  const noise =
    odd === 0 ? "" : `; ${odd} ${odd === 1 ? "datagram" : "datagrams"} that came answered something else`;
  const reason = `[timeout] no answer from ${whom} within ${spell(context.timeoutMs)}, asked ${times}${noise}`;
  return new Failure({ reason, code: "timeout:first_byte", hard: false });
}

async function askByTcp({ question, servers, context, trace }: Asking, extended: boolean): Promise<Heard> {
  const [server] = servers;
  if (!server)
    throw new Failure({
      reason: "[unknown] this machine has no name server",
      code: "own:dns",
      status: "unknown",
      hard: false,
    });
  const socket = await connect(server, context, trace);
  trace.enter("first_byte");
  const query = queryFor(question, extended);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(query.bytes.length);
  const incoming = readMessage(socket);
  socket.write(Buffer.concat([length, query.bytes]));
  const reply = readReply(await incoming, query);
  const wrong = !reply ? "answered another question" : reply.truncated ? "cut its answer, even over TCP" : "";
  if (!reply || wrong)
    throw new Failure({ reason: `[protocol] ${placeOf(server)} ${wrong}`, code: "protocol" });
  return { reply, server, protocol: "tcp" };
}

/** One message after its length in two bytes (RFC 1035 §4.2.2), which also is the most that is read. */
function readMessage(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let have = 0;
    let wanted = 2;
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      have += chunk.length;
      if (wanted === 2 && have >= 2) wanted += Buffer.concat(chunks).readUInt16BE(0);
      if (wanted === 2 || have < wanted) return;
      socket.pause();
      resolve(Buffer.concat(chunks).subarray(2, wanted));
    });
    socket.on("error", reject);
    socket.on("close", () =>
      reject(Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" })),
    );
  });
}
