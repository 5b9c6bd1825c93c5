import { isIP } from "node:net";
import type { z } from "zod";
import { invalid } from "../platform/refusal.ts";
import { kindById } from "./kinds/index.ts";
import type { MonitorKind } from "./kinds/kind.ts";
import type { guess } from "./schema.ts";

/** What of a kind a guess needs: its form says which parts of an address it has fields for. */
type Kind = Pick<MonitorKind, "id" | "form">;
type Find = (id: string) => Kind | undefined;
type Guess = z.infer<typeof guess>;

/** Makes a slug of any text: lower-case letters, digits and dashes. */
export function slugOf(text: string): string {
  const plain = text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}+/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
  return plain || "monitor";
}

/** Kinds by what stands before `://`; those with an s at the end are the same over TLS. */
const SCHEMES: Record<string, string> = {
  http: "http",
  https: "http",
  ws: "websocket",
  wss: "websocket",
  postgres: "postgres",
  postgresql: "postgres",
  mysql: "mysql",
  mariadb: "mysql",
  redis: "redis",
  rediss: "redis",
  grpc: "grpc",
  grpcs: "grpc",
  smtp: "smtp",
  smtps: "smtp",
  tcp: "tcp",
  tls: "tls",
  ssl: "tls",
  dns: "dns",
  ping: "ping",
  icmp: "ping",
};
const OVER_TLS = new Set(["rediss", "grpcs"]);
/** Where a scheme has a port that isn't its kind's. */
const OTHER_PORTS: Record<string, number> = { smtps: 465 };

/** Kinds by a port that is nearly always theirs. */
const PORTS: Record<number, string> = {
  25: "smtp",
  465: "smtp",
  587: "smtp",
  993: "tls",
  995: "tls",
  3306: "mysql",
  5432: "postgres",
  6379: "redis",
  50051: "grpc",
};

/** Ports on which people run web servers; on any other something else answers. */
const isWebPort = (port: number): boolean =>
  [80, 443, 4000, 4200, 4443, 5000, 5173, 7243, 9000, 9090, 9091, 9443].includes(port) ||
  (port >= 3000 && port < 3100) ||
  (port >= 8000 && port < 9000);

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;
/** A name or an address with a port and nothing else. */
const HOST_PORT = /^(\[[\da-f:.]+\]|[^/\s:@?#[\]]+):(\d{1,5})\/?$/i;

/** Reads what somebody typed or pasted (a URL, a host, a host and port) as a monitor to try. */
export function guessMonitor(text: string, find: Find = kindById): Guess {
  const trimmed = text.trim();
  const scheme = SCHEME.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme !== undefined) return ofScheme(scheme, trimmed, find);
  const address = trimmed.replace(/^\[(.*)\]$/, "$1");
  const ping = isIP(address) === 0 ? undefined : find("ping");
  if (ping) return made(ping, { host: address });
  const [, host = "", digits = ""] = HOST_PORT.exec(trimmed) ?? [];
  const port = Number(digits);
  const kind = find(PORTS[port] ?? "") ?? (isWebPort(port) ? undefined : find("tcp"));
  if (kind && port > 0 && port < 65_536) return made(kind, { host: bare(host), port });
  return ofWeb(trimmed, find);
}

function ofScheme(scheme: string, text: string, find: Find): Guess {
  const kind = find(SCHEMES[scheme] ?? "");
  if (!kind)
    throw invalid(
      "/text",
      `"${text}" is not a web address. Paste one such as https://shop.example.com/health.`,
    );
  return kind.id === "http" ? ofWeb(text, find) : guessFor(kind, text);
}

/** What the text says, in the fields that this kind has. */
export function guessFor(kind: Kind, text: string): Guess {
  const trimmed = text.trim();
  if (kind.id === "http") return ofWeb(trimmed, () => kind);
  const scheme = SCHEME.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme === undefined && isIP(trimmed) === 6) return made(kind, { host: trimmed });
  // As http, so that host and port are read as in any web address.
  const url = URL.parse(`http://${trimmed.replace(SCHEME, "")}`);
  if (!url?.hostname) throw invalid("/text", `"${trimmed}" is no address, e.g. db.example.com:5432.`);
  return made(kind, {
    url: hasField(kind, "url") ? urlOf(trimmed, scheme) : undefined,
    host: bare(url.hostname),
    // A web address's own port is no part of http's text; 80 written out is.
    port: Number(url.port || /:(80)(?=\/|$)/.exec(trimmed)?.[1]) || (scheme && OTHER_PORTS[scheme]),
    user: decodeURIComponent(url.username) || undefined,
    password: decodeURIComponent(url.password) || undefined,
    database: decodeURIComponent(url.pathname.slice(1)) || undefined,
    tls: scheme !== undefined && OVER_TLS.has(scheme) ? true : undefined,
  });
}

const urlOf = (text: string, scheme: string | undefined): string =>
  scheme === undefined ? `${isLocal(text) ? "ws" : "wss"}://${text}` : text;

function ofWeb(text: string, find: Find): Guess {
  const full = SCHEME.test(text) ? text : `${isLocal(text) ? "http" : "https"}://${text}`;
  const url = URL.parse(full);
  const kind = find("http");
  if (!kind || !url || !/^https?:$/.test(url.protocol) || !url.hostname) {
    throw invalid(
      "/text",
      `"${text}" is not a web address. Paste one such as https://shop.example.com/health.`,
    );
  }
  if (url.username || url.password)
    throw invalid(
      "/text",
      "Leave the user and the password out of the address; a monitor has fields for them.",
    );
  return made(kind, { url: url.toString() });
}

type Parts = Record<string, string | number | boolean | undefined>;

const hasField = ({ form }: Kind, name: string): boolean => form.some((field) => field.name === name);

/** A guess of the parts that the kind has fields for. A port that is the kind's own is left to it. */
function made(kind: Kind, parts: Parts): Guess {
  const config: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parts)) {
    const field = kind.form.find((each) => each.name === name);
    if (!field || value === undefined) continue;
    // Redis numbers its databases.
    const read = field.type === "number" && typeof value === "string" ? Number(value) : value;
    if (!("default" in field && field.default === read) && !Number.isNaN(read)) config[name] = read;
  }
  // A kind that names its target otherwise (domain, name, target) asks for it first.
  const [first] = kind.form.filter((each) => each.required && (each.type === "text" || each.type === "url"));
  if (Object.keys(config).length === 0 && first && typeof parts.host === "string")
    config[first.name] = parts.host;
  const name = nameOf({ ...parts, ...config });
  return { kind: kind.id, config, name, slug: slugOf(name) };
}

/** A name for a monitor of such fields: its host with what tells it from others there. Empty when they name no host. */
export function nameOf(fields: Record<string, unknown>): string {
  const { url: text, host, port, database, domain } = fields;
  const url = typeof text === "string" ? URL.parse(text) : null;
  if (url) {
    const path = url.pathname === "/" ? "" : url.pathname;
    return `${url.host.replace(/^www\./, "")}${path}`;
  }
  if (typeof domain === "string") return domain;
  if (typeof host !== "string") return "";
  const withPort = port === undefined ? host : `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return typeof database === "string" ? `${withPort}/${database}` : withPort;
}

const bare = (host: string): string => host.replace(/^\[(.*)\]$/, "$1");

const isLocal = (text: string): boolean =>
  /^(localhost|127\.|10\.|192\.168\.|\[::1\]|[^./:]+(:\d+)?(\/|$))/.test(text);
