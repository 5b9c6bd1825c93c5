import { homedir } from "node:os";
import { isAbsolute, resolve } from "node:path";
import { StartError } from "./start-error.ts";

/** What the operator set, read once and checked. */
export interface Environment {
  dataDir: string;
  host: string;
  port: number;
  /** How people reach Keepwatch; without a trailing slash. */
  url: string;
  databaseUrl: string | undefined;
  configFile: string | undefined;
  adminEmail: string | undefined;
  adminPassword: string | undefined;
  apiToken: string | undefined;
  secret: string | undefined;
  smtpUrl: string | undefined;
  mailFrom: string;
  deadmanUrl: string | undefined;
  logLevel: string;
  /** May checks and webhooks reach private address ranges? Link-local and metadata addresses never. */
  allowPrivate: boolean;
  /** What the prober asks before it believes failures; read by `watch`. */
  references: string | undefined;
  failpoint: string | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads the environment. A wrong value stops the start, naming the variable and what it may be.
 * @param asRoot whether the program runs as root, which moves the default data directory.
 */
export function readEnvironment(
  variables: Variables,
  { asRoot, cwd }: { asRoot: boolean; cwd: string },
): Environment {
  const text = (name: string): string | undefined => variables[name]?.trim() || undefined;
  const host = text("KEEPWATCH_HOST") ?? "127.0.0.1";
  const port = readPort(text("KEEPWATCH_PORT"));
  const url =
    readUrl("KEEPWATCH_URL", text("KEEPWATCH_URL"), ["http:", "https:"]) ??
    `http://${reachable(host)}:${port}`;
  return {
    dataDir: readDataDir(text("KEEPWATCH_DATA"), { asRoot, cwd }),
    host,
    port,
    url: url.replace(/\/+$/, ""),
    databaseUrl: readUrl("DATABASE_URL", text("DATABASE_URL"), ["postgres:", "postgresql:"]),
    configFile: text("KEEPWATCH_CONFIG"),
    adminEmail: text("KEEPWATCH_ADMIN_EMAIL"),
    adminPassword: text("KEEPWATCH_ADMIN_PASSWORD"),
    apiToken: text("KEEPWATCH_API_TOKEN"),
    secret: readSecret(text("KEEPWATCH_SECRET")),
    smtpUrl: readUrl("KEEPWATCH_SMTP_URL", text("KEEPWATCH_SMTP_URL"), ["smtp:", "smtps:"]),
    mailFrom:
      text("KEEPWATCH_MAIL_FROM") ?? `Keepwatch <keepwatch@${new URL(url).hostname.replace(/^\[|\]$/g, "")}>`,
    deadmanUrl: readUrl("KEEPWATCH_DEADMAN_URL", text("KEEPWATCH_DEADMAN_URL"), ["http:", "https:"]),
    logLevel: readOne("KEEPWATCH_LOG", text("KEEPWATCH_LOG") ?? "info", LOG_LEVELS),
    allowPrivate:
      readOne("KEEPWATCH_ALLOW_PRIVATE", text("KEEPWATCH_ALLOW_PRIVATE") ?? "true", ["true", "false"]) ===
      "true",
    references: text("KEEPWATCH_REFERENCES"),
    failpoint: text("KEEPWATCH_FAILPOINT"),
  };
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** A listening address is not always one to visit: 0.0.0.0 is reached as localhost. */
const reachable = (host: string): string =>
  host === "0.0.0.0" || host === "::" ? "localhost" : host.includes(":") ? `[${host}]` : host;

function readPort(text: string | undefined): number {
  const port = Number(text ?? 7243);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new StartError(
    `KEEPWATCH_PORT is "${text}".`,
    "Set it to a port number from 0 to 65535 (0 takes any free one).",
  );
}

function readDataDir(text: string | undefined, { asRoot, cwd }: { asRoot: boolean; cwd: string }): string {
  const chosen = text ?? (asRoot ? "/var/lib/keepwatch" : "data");
  const home = chosen.startsWith("~/") ? chosen.replace("~", homedir()) : chosen;
  return isAbsolute(home) ? home : resolve(cwd, home);
}

function readUrl(name: string, text: string | undefined, protocols: readonly string[]): string | undefined {
  if (text === undefined) return undefined;
  // PostgreSQL's socket form has no host (`postgresql:///keepwatch?host=/run`), which URL accepts for these protocols.
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text;
  const forms = protocols.map((protocol) => `${protocol}//…`).join(" or ");
  throw new StartError(`${name} is not a URL that Keepwatch can use.`, `Write it as ${forms}, or unset it.`);
}

function readSecret(text: string | undefined): string | undefined {
  if (text === undefined || text.length >= 16) return text;
  throw new StartError(
    "KEEPWATCH_SECRET is shorter than 16 characters.",
    "Use a long random text, e.g. 32 random bytes in base64.",
  );
}

function readOne<T extends string>(name: string, text: string, allowed: readonly T[]): T {
  const known = allowed.find((each) => each === text);
  if (known) return known;
  throw new StartError(`${name} is "${text}".`, `Set it to one of: ${allowed.join(", ")}.`);
}
