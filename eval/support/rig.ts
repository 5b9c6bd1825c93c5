import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "kysely";
import { applyResolve, applyTrigger } from "../../src/alert/alerts.ts";
import type { AlertEvent } from "../../src/alert/model.ts";
import { by, SYSTEM } from "../../src/org/actor.ts";
import { inTransaction } from "../../src/platform/database/transaction.ts";
import { newId } from "../../src/platform/ids.ts";
import { checkWith } from "../../src/watch/kinds/base/context.fixture.ts";
import { http } from "../../src/watch/kinds/http/http.ts";
import type { TestPlatform } from "../../test/support/platform.ts";
import type { Behaviour, FaultList } from "./faults.ts";

const check = checkWith(http);
const TIMEOUT_MS = 150;

export interface Target {
  slug: string;
  id: string;
  service: { id: string; slug: string };
  name: string;
  behave(behaviour: Behaviour | null): Promise<void>;
  close(): Promise<void>;
  url(): string;
}

/** A real server that does as it is told. */
async function startTarget(): Promise<Pick<Target, "behave" | "close" | "url">> {
  let behaviour: Behaviour | null = null;
  const server: Server = createServer((request, response) => {
    if (behaviour?.hang) return;
    if (behaviour?.reset) return void request.socket.resetAndDestroy();
    response.writeHead(behaviour?.status ?? 200, { connection: "close" });
    response.end(behaviour === null ? "all is well" : (behaviour.body ?? ""));
  });
  const listen = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  const shut = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return {
    url: () => `http://127.0.0.1:${port}/`,
    async behave(next) {
      behaviour = next;
      if (next?.refuse && server.listening) await shut();
      else if (!next?.refuse && !server.listening) await listen(port);
      else server.closeAllConnections();
    },
    close: shut,
  };
}

/** Services and their monitors in the database, and a server behind each monitor. */
export async function build(t: TestPlatform, list: FaultList): Promise<Map<string, Target>> {
  const { db, clock } = t.platform;
  const targets = new Map<string, Target>();
  for (const { slug, monitors } of list.services) {
    const service = { id: newId(clock), slug };
    const at = clock.now();
    await sql`insert into services (id, slug, name, created_at, updated_at)
      values (${service.id}, ${slug}, ${slug}, ${at}, ${at})`.execute(db);
    for (const monitor of monitors) {
      const id = newId(clock);
      await sql`insert into monitors (id, slug, name, service_id, kind, config, every_ms, timeout_ms, confirm, status_since, created_at, updated_at)
        values (${id}, ${monitor}, ${monitor}, ${service.id}, 'http', '{}', 60000, 5000, '{}', ${at}, ${at}, ${at})`.execute(
        db,
      );
      targets.set(monitor, { slug: monitor, name: monitor, id, service, ...(await startTarget()) });
    }
  }
  return targets;
}

/** Looks at a target by the real check of its kind, and raises its alert as a monitor of it would. */
export async function raise(t: TestPlatform, target: Target): Promise<void> {
  const result = await check({ url: target.url() }, { timeoutMs: TIMEOUT_MS });
  if (result.status === "up") throw new Error(`${target.slug} is up though it was broken`);
  const at = t.clock.now().toString();
  const event: AlertEvent = {
    action: "trigger",
    source: { type: "monitor", id: target.id, slug: target.slug, name: target.name },
    title: `${target.name} is down`,
    reason: result.reason,
    cause: result.cause,
    severity: "SEV3",
    urgency: "high",
    labels: {},
    evidence: result.evidence,
    serviceId: target.service.id,
    startedAt: at,
    at,
  };
  if (event.action !== "trigger") return;
  const trigger = event;
  await inTransaction(t.platform.db, (tx) =>
    applyTrigger(tx, by(t.platform, SYSTEM), { dedupKey: target.id, event: trigger }),
  );
}

export async function recover(t: TestPlatform, target: Target): Promise<void> {
  const source = { type: "monitor" as const, id: target.id, slug: target.slug, name: target.name };
  await inTransaction(t.platform.db, (tx) =>
    applyResolve(tx, by(t.platform, SYSTEM), {
      dedupKey: target.id,
      event: { action: "resolve", source, reason: "the check recovered", at: t.clock.now().toString() },
    }),
  );
}
