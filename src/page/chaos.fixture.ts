import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What becomes of a request: how often in a thousand. The rest is taken and arrives. */
export interface Mixture {
  limit: number;
  broken: number;
  hang: number;
  reset: number;
  /** Taken, and it never arrives. */
  lose: number;
}

type Fate = keyof Mixture | "fine";

export interface ChaoticProvider extends AsyncDisposable {
  url: string;
  /** What arrived, by the id that the message carried; twice when it came twice. */
  arrived: string[];
  fates: Map<Fate, number>;
}

/** A server whose requests meet random fates. `idOf` reads the message's id; `takes` what it answers when it takes one. */
export async function chaoticProvider(options: {
  next: () => number;
  mixture: Mixture;
  idOf: (body: string) => string;
  takes: () => string;
  onArrival?: (id: string) => void;
}): Promise<ChaoticProvider> {
  const { next, mixture, idOf, takes, onArrival } = options;
  const fate = (): Fate => {
    let left = next() * 1_000;
    for (const [name, often] of Object.entries(mixture) as [keyof Mixture, number][]) {
      left -= often;
      if (left < 0) return name;
    }
    return "fine";
  };
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const met = fate();
    box.fates.set(met, (box.fates.get(met) ?? 0) + 1);
    if (met === "limit") return response.writeHead(429, { "retry-after": "1" }).end("slow down");
    if (met === "broken") return response.writeHead(500).end("<html>oops</html>");
    if (met === "reset") return request.socket.destroy();
    if (met === "hang") return undefined;
    const id = idOf(Buffer.concat(chunks).toString("utf8"));
    if (met === "fine") {
      box.arrived.push(id);
      onArrival?.(id);
    }
    return response.end(takes());
  }
  const server = createServer((request, response) => void serve(request, response).catch(() => {}));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const box: ChaoticProvider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived: [],
    fates: new Map(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return box;
}
