import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { StartError } from "../platform/start-error.ts";
import type { CommandContext } from "./command.ts";
import { CLI_TOKEN_FILE } from "./token-file.ts";

/** Long enough for a plan of thousands of objects; a server that hangs longer is broken. */
const LIMIT_MS = 120_000;
const HELLO_MS = 5_000;

/** The running Keepwatch, as an administrator. */
export interface Client {
  /** Without a trailing slash. */
  url: string;
  get<T>(path: string): Promise<T>;
  send<T>(method: "POST" | "PATCH" | "PUT" | "DELETE", path: string, body?: unknown): Promise<T>;
  /** Every item of a paginated list. `path` may have a query. */
  all<T>(path: string): Promise<T[]>;
  /** The bare answer of a path under `/api/v1`; one that is an error is thrown as an `ApiError`. */
  raw(method: string, path: string, body?: unknown): Promise<Response>;
}

const problem = z.object({
  status: z.number(),
  detail: z.string(),
  problems: z
    .array(
      z.object({
        file: z.string(),
        line: z.number(),
        column: z.number(),
        key: z.string(),
        message: z.string(),
      }),
    )
    .optional(),
});

/** The server said no; the message is the server's own. */
export class ApiError extends StartError {
  readonly status: number;
  /** What is wrong with the files of a configuration. */
  readonly problems: NonNullable<z.infer<typeof problem>["problems"]>;

  constructor({ status, detail, problems = [] }: z.infer<typeof problem>, mend: string) {
    super(detail, mend);
    this.status = status;
    this.problems = problems;
  }
}

/** The server, or undefined when nobody answers at its address. */
export async function connectClient(context: CommandContext): Promise<Client | undefined> {
  const { url } = context.environment();
  try {
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(HELLO_MS) });
    await answer.arrayBuffer();
    if (!answer.ok) return undefined;
  } catch {
    return undefined;
  }
  return makeClient(url, await tokenOf(context));
}

/** The server; when nobody answers, says where it looked and how to start it. */
export async function requireClient(context: CommandContext): Promise<Client> {
  const client = await connectClient(context);
  if (client) return client;
  throw new StartError(
    `No Keepwatch answers at ${context.environment().url}.`,
    "Start it with `npm start`, or set KEEPWATCH_URL (or KEEPWATCH_PORT) to where it runs.",
  );
}

async function tokenOf(context: CommandContext): Promise<string> {
  const { apiToken, dataDir } = context.environment();
  if (apiToken) return apiToken;
  const path = join(dataDir, CLI_TOKEN_FILE);
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    throw new StartError(
      code === "EACCES" ? `${path} can't be read by this user.` : `There is no API token in ${path}.`,
      code === "EACCES"
        ? "Run this as the user who runs Keepwatch, or set KEEPWATCH_API_TOKEN to an administrator's token."
        : "Set KEEPWATCH_API_TOKEN to an administrator's token, or KEEPWATCH_DATA to the server's data directory.",
      { cause: error },
    );
  }
}

function makeClient(url: string, token: string): Client {
  async function raw(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    if (!response.ok) throw await refused(response);
    return response;
  }
  async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await raw(method, path, body);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
  return {
    url,
    raw,
    send,
    get: (path) => send("GET", path),
    async all<T>(path: string): Promise<T[]> {
      const items: T[] = [];
      const more = `${path}${path.includes("?") ? "&" : "?"}limit=500`;
      for (let cursor: string | null = ""; cursor !== null; ) {
        const at: string = cursor ? `${more}&cursor=${encodeURIComponent(cursor)}` : more;
        const page: { items: T[]; next: string | null } = await send("GET", at);
        items.push(...page.items);
        cursor = page.next;
      }
      return items;
    },
  };
}

async function refused(response: Response): Promise<ApiError> {
  const text = await response.text();
  const mend =
    response.status === 401
      ? "Set KEEPWATCH_API_TOKEN to a token of this server, or KEEPWATCH_DATA to its data directory."
      : "";
  try {
    return new ApiError(problem.parse(JSON.parse(text)), mend);
  } catch {
    const detail = `${response.url} answered ${response.status} ${response.statusText}, which is not Keepwatch's way.`;
    return new ApiError(
      { status: response.status, detail },
      "Is KEEPWATCH_URL the address of Keepwatch itself?",
    );
  }
}
