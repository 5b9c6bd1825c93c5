/** One field that the server refused: a JSON pointer into what was sent, and what is wrong with it. */
export interface FieldProblem {
  pointer: string;
  detail: string;
}

/** An answer that is not the one wanted. `message` is for people: what is wrong and what to do. Status 0: no answer at all. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem" as const;
  readonly status: number;
  readonly fields: readonly FieldProblem[];

  constructor(status: number, message: string, fields: readonly FieldProblem[] = []) {
    super(message);
    this.status = status;
    this.fields = fields;
  }
}

type Query = Record<string, string | number | boolean | null | undefined>;
interface Options {
  query?: Query;
  signal?: AbortSignal;
}

const BASE = "/api/v1";

/** `/api/v1` + path + query; null, undefined and empty values are left out. */
export function apiUrl(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== "") search.set(key, String(value));
  const text = search.toString();
  const base = path.startsWith("/api/") ? path : BASE + path;
  return text === "" ? base : `${base}?${text}`;
}

/** Sends the session's cookie, speaks JSON, and throws an `ApiProblem` for every answer that is not a success. */
async function send<T>(method: string, path: string, body: unknown, options: Options): Promise<T> {
  const response = await fetch(apiUrl(path, options.query), {
    method,
    credentials: "same-origin",
    headers: {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: options.signal,
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiProblem(
      0,
      "Keepwatch can't be reached. Nothing was lost; try again when the connection is back.",
    );
  });
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return undefined as T;
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  return (isJson ? await response.json() : await response.text()) as T;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const document: unknown = await response.json().catch(() => null);
  const told = typeof document === "object" && document !== null ? document : {};
  const detail = "detail" in told ? told.detail : "message" in told ? told.message : undefined;
  const fields = "errors" in told && Array.isArray(told.errors) ? told.errors.filter(isField) : [];
  return new ApiProblem(
    response.status,
    typeof detail === "string" && detail !== "" ? detail : saying(response.status),
    fields,
  );
}

const isField = (value: unknown): value is FieldProblem =>
  typeof value === "object" && value !== null && "pointer" in value && "detail" in value;

function saying(status: number): string {
  if (status === 401) return "You are signed out. Sign in and try again.";
  if (status === 403) return "Your role doesn't allow this. Ask an administrator.";
  if (status === 404) return "This doesn't exist, or no longer.";
  if (status === 429) return "Too many tries. Wait a minute and try again.";
  return `The server failed (${status}). Nothing was changed; try again.`;
}

/** The HTTP API under `/api/v1`; paths that begin with `/api/` are taken as they are. */
export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) =>
    send<T>("GET", path, undefined, { query, signal }),
  post: <T>(path: string, body: unknown = {}, options: Options = {}) => send<T>("POST", path, body, options),
  patch: <T>(path: string, body: unknown) => send<T>("PATCH", path, body, {}),
  put: <T>(path: string, body: unknown) => send<T>("PUT", path, body, {}),
  delete: <T>(path: string, body?: unknown) => send<T>("DELETE", path, body, {}),
};

/** The words of anything thrown, for people. */
export const messageOf = (error: unknown): string =>
  error instanceof ApiProblem
    ? error.message
    : "Something went wrong in this page. Reload it; nothing was lost.";

/** The words for one field, by its pointer (`/expect/status`); undefined when that field is fine. */
export const fieldProblem = (error: unknown, pointer: string): string | undefined =>
  error instanceof ApiProblem
    ? error.fields.find((field) => normalise(field.pointer) === normalise(pointer))?.detail
    : undefined;

const normalise = (pointer: string): string => `/${pointer.replace(/^(#|\/|body\/)+/, "")}`;
