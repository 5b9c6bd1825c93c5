import dgram from "node:dgram";
import { once } from "node:events";

/** What the server answers for a name: addresses with a TTL in seconds, a failure, or nothing at all. */
export type DnsAnswer =
  | { a?: string[]; ttl?: number; silentOnIPv6?: true }
  | "NXDOMAIN"
  | "SERVFAIL"
  | "silent";

export interface DnsServer extends AsyncDisposable {
  /** For `createResolver({ servers: [server.address] })`. */
  address: string;
  /** Names asked for, one entry per query. */
  asked: string[];
  answers: Map<string, DnsAnswer>;
}

const RCODE = { NXDOMAIN: 3, SERVFAIL: 2 } as const;
const TYPE_A = 1;

function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 5 };
}

const typeOf = (query: Buffer): number => query.readUInt16BE(readName(query).end - 4);

function reply(query: Buffer, answer: Exclude<DnsAnswer, "silent">): Buffer {
  const { end } = readName(query);
  const addresses = typeof answer === "object" && typeOf(query) === TYPE_A ? (answer.a ?? []) : [];
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180 | (typeof answer === "string" ? RCODE[answer] : 0), 2);
  header.writeUInt16BE(addresses.length, 6);
  header.writeUInt32BE(0, 8);
  const records = addresses.map((address) => {
    const record = Buffer.from([
      0xc0,
      12,
      0,
      TYPE_A,
      0,
      1,
      0,
      0,
      0,
      0,
      0,
      4,
      ...address.split(".").map(Number),
    ]);
    record.writeUInt32BE(typeof answer === "object" ? (answer.ttl ?? 60) : 0, 6);
    return record;
  });
  return Buffer.concat([header, query.subarray(12, end), ...records]);
}

/** A name server on loopback that says what the test wants; names it wasn't told of don't exist. */
export async function startDnsServer(answers: Record<string, DnsAnswer>): Promise<DnsServer> {
  const socket = dgram.createSocket("udp4");
  const server: DnsServer = {
    address: "",
    asked: [],
    answers: new Map(Object.entries(answers)),
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, "close");
    },
  };
  socket.on("message", (query, from) => {
    const { name } = readName(query);
    server.asked.push(name);
    const answer = server.answers.get(name) ?? "NXDOMAIN";
    const mute = typeof answer === "object" && answer.silentOnIPv6 && typeOf(query) !== TYPE_A;
    if (answer !== "silent" && !mute) socket.send(reply(query, answer), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  server.address = `127.0.0.1:${socket.address().port}`;
  return server;
}
