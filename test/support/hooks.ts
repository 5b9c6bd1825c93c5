import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A message as a person's webhook received it. */
export interface Heard {
  /** By name, as in the address: `/ada/1`. */
  person: string;
  method: number;
  type: string;
  delivery_id: string;
  page: { id: string; reason: string };
  incident: { id: string; number: number; title: string; status: string };
  actions: Record<"acknowledge" | "resolve" | "escalate", { url: string }>;
  similar: unknown[];
}

/** Everybody's webhooks: a real server that keeps what it is sent, and refuses for whom it is told to. */
export interface Hooks extends AsyncDisposable {
  url: string;
  heard: Heard[];
  /** People, or methods such as `ada/1`, for whom it says 404. */
  refusing: Set<string>;
  /** People who have been sent a page since this was last asked, in order of arrival. */
  paged(): string[];
}

export async function startHooks(): Promise<Hooks> {
  const heard: Heard[] = [];
  const refusing = new Set<string>();
  let asked = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const [person = "", method = "1"] = (request.url ?? "").slice(1).split("/");
    if (refusing.has(person) || refusing.has(`${person}/${method}`)) return response.writeHead(404).end();
    const message = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    heard.push({ ...message, person, method: Number(method) });
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    refusing,
    paged() {
      const fresh = heard.slice(asked).filter(({ type }) => type === "page");
      asked = heard.length;
      return fresh.map(({ person }) => person);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
