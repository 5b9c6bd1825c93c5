/**
 * The targets of the fleet benchmarks, in a process of their own: a plain page on every address of the loopback range,
 * and ten that misbehave, each in its own way. Says `{ port, bad: [url] }` when it listens.
 */
import { createServer, type ServerResponse } from "node:http";
import net, { type AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

const PAGE = "x".repeat(4_000);
const MEGABYTE = Buffer.alloc(1024 * 1024, 120);

const good = createServer((_request, response) => response.end(PAGE));
good.keepAliveTimeout = 1;

/** Writes `chunk` for as long as the other side reads, `times` times at most. */
function pour(response: ServerResponse, chunk: Buffer, times: number): void {
  let left = times;
  const more = () => {
    while (left-- > 0) if (!response.write(chunk)) return void response.once("drain", more);
    response.end();
  };
  more();
}

const BOMB = gzipSync(Buffer.alloc(50 * 1024 * 1024));
const raw = (onConnection: (socket: net.Socket) => void) =>
  net.createServer((socket) => {
    socket.on("error", () => {});
    onConnection(socket);
  });
const dribble = (socket: net.Socket, text: string) => {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length] ?? "x"), 100);
  socket.on("close", () => clearInterval(timer));
};

const bad = [
  raw((socket) => dribble(socket, "HTTP/1.1 200 OK\r\nx-slow: loris")),
  createServer((_request, response) => pour(response, Buffer.alloc(1024, 120), Number.POSITIVE_INFINITY)),
  createServer((_request, response) => pour(response, MEGABYTE, 100)),
  createServer((request, response) => response.writeHead(302, { location: `${request.url}x` }).end()),
  createServer((_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(BOMB)),
  raw((socket) => socket.end("this is not HTTP at all\r\n\r\n")),
  raw(() => {}),
  raw((socket) => socket.resetAndDestroy()),
  raw((socket) => socket.write(`HTTP/1.1 200 OK\r\n${"x-header: y\r\n".repeat(100_000)}`)),
];

const listening = (server: net.Server, host: string) =>
  new Promise<number>((done) => server.listen(0, host, () => done((server.address() as AddressInfo).port)));

const port = await listening(good, "0.0.0.0");
const urls = await Promise.all(
  bad.map(async (server, n) => `http://127.1.0.${n + 1}:${await listening(server, `127.1.0.${n + 1}`)}/`),
);
// TLS spoken to a port that does not speak it.
urls.push(`https://127.1.0.99:${port}/`);
process.send?.({ port, bad: urls });
process.on("disconnect", () => process.exit());
