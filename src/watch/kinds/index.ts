import { dns } from "./dns/dns.ts";
import { domain } from "./domain/domain.ts";
import { group } from "./group/group.ts";
import { grpc } from "./grpc/grpc.ts";
import { heartbeat } from "./heartbeat/heartbeat.ts";
import { http } from "./http/http.ts";
import type { MonitorKind } from "./kind.ts";
import { manual } from "./manual/manual.ts";
import { mysql } from "./mysql/mysql.ts";
import { ping } from "./ping/ping.ts";
import { postgres } from "./postgres/postgres.ts";
import { redis } from "./redis/redis.ts";
import { scenario } from "./scenario/scenario.ts";
import { smtp } from "./smtp/smtp.ts";
import { tcp } from "./tcp/tcp.ts";
import { tls } from "./tls/tls.ts";
import { websocket } from "./websocket/websocket.ts";

export type { MonitorKind } from "./kind.ts";

/** Every way to check. A new kind is one file that exports one object, and its name here. */
export const monitorKinds = [
  http,
  scenario,
  websocket,
  grpc,
  tcp,
  tls,
  dns,
  domain,
  postgres,
  mysql,
  redis,
  smtp,
  ping,
  heartbeat,
  group,
  manual,
] as const;
export type MonitorKindId = (typeof monitorKinds)[number]["id"];

const byId = new Map<string, MonitorKind>(monitorKinds.map((kind) => [kind.id, kind]));

export const kindById = (id: string): MonitorKind | undefined => byId.get(id);
