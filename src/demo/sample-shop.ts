import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Clock, sleep } from "../platform/clock.ts";
import { shopPage } from "./shop-page.ts";

/** How the sample shop behaves. `gone` does not listen at all. */
/** What the shop answers when its basket is broken. */
export const BROKEN_PAGE =
  "<!doctype html><title>502 Bad gateway</title><h1>Bad gateway</h1><p>upstream basket-api: connection refused";

export const SHOP_MODES = ["fine", "errors", "slow", "wrong", "gone"] as const;
export type ShopMode = (typeof SHOP_MODES)[number];

/** A little shop that comes with Keepwatch, to watch and to break: a real HTTP server on a port of its own. */
export interface SampleShop extends AsyncDisposable {
  readonly url: string;
  readonly mode: ShopMode;
  set(mode: ShopMode): Promise<void>;
}

const SLOW_MS = 2_500;

/** @param port the one to take if it is free, otherwise any; the shop keeps it from then on, also while it is gone. */
export async function startSampleShop(options: { clock: Clock; port: number }): Promise<SampleShop> {
  let mode: ShopMode = "fine";
  let server: Server | undefined;
  let port = options.port;
  const stopping = new AbortController();

  async function listen(): Promise<void> {
    const fresh = createServer((request, response) => {
      answer(mode, request.url ?? "/", response, { clock: options.clock, signal: stopping.signal }).catch(
        () => response.destroy(),
      );
    });
    await new Promise<void>((resolve, reject) => {
      fresh.once("error", reject);
      fresh.listen(port, "127.0.0.1", resolve);
    });
    port = (fresh.address() as AddressInfo).port;
    server = fresh;
  }

  async function close(): Promise<void> {
    const last = server;
    server = undefined;
    if (!last) return;
    last.closeAllConnections();
    await new Promise((resolve) => last.close(resolve));
  }

  await listen().catch(() => {
    port = 0;
    return listen();
  });
  return {
    get url() {
      return `http://127.0.0.1:${port}/`;
    },
    get mode() {
      return mode;
    },
    async set(next) {
      mode = next;
      if (next === "gone") await close();
      else if (!server) await listen();
    },
    async [Symbol.asyncDispose]() {
      stopping.abort(new Error("the shop closes"));
      await close();
    },
  };
}

/** Each of the demo's pages has a pace of its own, by its name. */
const demoLatencyMs = (path: string): number =>
  40 + ([...path].reduce((sum, each) => sum * 31 + each.charCodeAt(0), 7) % 220);

async function answer(
  mode: ShopMode,
  path: string,
  response: ServerResponse,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<void> {
  // The demo's other monitors look at pages of their own, which nobody breaks.
  if (path.startsWith("/demo/")) {
    await sleep(clock, demoLatencyMs(path), signal);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ status: "ok" }));
    return;
  }
  if (mode === "errors") {
    response.writeHead(502, { "content-type": "text/html; charset=utf-8" });
    response.end(BROKEN_PAGE);
    return;
  }
  if (mode === "slow") await sleep(clock, SLOW_MS, signal);
  if (path === "/health") {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ status: "ok", basket: "ok", payments: "ok" }));
    return;
  }
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end(shopPage(mode === "wrong"));
}
