import dgram from "node:dgram";
import { once } from "node:events";
import net from "node:net";
import {
  type Answer,
  type DecodedPacket,
  decode,
  encode,
  type Packet,
  RECURSION_AVAILABLE,
} from "dns-packet";

/** What a name server says to a query: a message, bytes as they are, several of these, or nothing. */
export type Said = Packet | Buffer | readonly (Packet | Buffer)[] | null;
export type Handler = (query: DecodedPacket, over: "udp" | "tcp") => Said;

export interface NameServer extends AsyncDisposable {
  /** `127.0.0.1:PORT`, over UDP and TCP. */
  place: string;
  /** What each query came over. */
  asked: ("udp" | "tcp")[];
}

const bytesOf = (said: Packet | Buffer): Buffer => (Buffer.isBuffer(said) ? said : encode(said));
const list = (said: Said): Buffer[] => (said === null ? [] : [said].flat().map(bytesOf));

/** A name server on loopback. */
export async function nameServer(handler: Handler): Promise<NameServer> {
  const asked: NameServer["asked"] = [];
  const answers = (bytes: Buffer, over: "udp" | "tcp") => {
    asked.push(over);
    return list(handler(decode(bytes), over));
  };
  const tcp = net.createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (bytes: Buffer) => {
      for (const answer of answers(bytes.subarray(2), "tcp")) {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        socket.write(Buffer.concat([length, answer]));
      }
    });
    socket.on("end", () => socket.end());
  });
  tcp.listen(0, "127.0.0.1");
  await once(tcp, "listening");
  const address = tcp.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const udp = dgram.createSocket("udp4");
  udp.on("message", (bytes, from) => {
    for (const answer of answers(bytes, "udp")) udp.send(answer, from.port, from.address);
  });
  udp.bind(port, "127.0.0.1");
  await once(udp, "listening");
  return {
    place: `127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      tcp.close();
      udp.close();
      await once(udp, "close");
    },
  };
}

/** The answer to this query with these records; `rcode` by number, `more` to make it odd. */
export const reply = (
  query: DecodedPacket,
  answers: Answer[],
  { rcode = 0, flags = 0, ...more }: Partial<Packet> & { rcode?: number } = {},
): Packet => ({
  type: "response",
  id: query.id,
  flags: RECURSION_AVAILABLE | flags | rcode,
  questions: query.questions,
  answers,
  ...more,
});

export const a = (data: string, ttl = 300, name = "shop.test"): Answer => ({ type: "A", name, ttl, data });
