import type { Request } from "./exchange.ts";

interface Cookie {
  name: string;
  value: string;
  /** Lower-case; with `subdomains` also for what ends in it. */
  host: string;
  subdomains: boolean;
  path: string;
  secure: boolean;
}

/**
 * Cookies of one conversation, as RFC 6265 has them but for public suffixes: a cookie goes back to the host that set
 * it and, where it names a domain that this host is in, to that domain's hosts. Expiry ends a cookie at once or, within
 * the seconds that a conversation lasts, not at all.
 */
export class CookieJar {
  #cookies: Cookie[] = [];

  /** Takes what a host answered in `set-cookie`. `wallMs` is epoch milliseconds. */
  keep(url: URL, lines: readonly string[], wallMs: number): void {
    for (const line of lines) {
      const read = readCookie(url, line, wallMs);
      if (!read) continue;
      const { cookie, isOver } = read;
      this.#cookies = this.#cookies.filter((each) => !isSame(each, cookie));
      if (!isOver) this.#cookies.push(cookie);
    }
  }

  /** The request with the cookies that belong to it; one that brings its own is left as it is. */
  sentWith(request: Request): Request {
    const fitting = this.#cookies.filter((cookie) => fits(cookie, request.url));
    if (fitting.length === 0 || request.headers.has("cookie")) return request;
    const text = fitting
      .toSorted((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
    return { ...request, headers: new Map(request.headers).set("cookie", text) };
  }

  /** The value of the latest cookie of this name; undefined without one. */
  valueOf(name: string): string | undefined {
    return this.#cookies.findLast((cookie) => cookie.name === name)?.value;
  }

  values(): string[] {
    return this.#cookies.map(({ value }) => value);
  }
}

const isSame = (a: Cookie, b: Cookie): boolean => a.name === b.name && a.host === b.host && a.path === b.path;

function readCookie(url: URL, line: string, wallMs: number): { cookie: Cookie; isOver: boolean } | null {
  const [pair = "", ...rest] = line.split(";");
  const at = pair.indexOf("=");
  const name = pair.slice(0, at).trim();
  if (at < 1 || name === "") return null;
  const attributes = new Map(
    rest.map((each) => {
      const [key = "", ...value] = each.split("=");
      return [key.trim().toLowerCase(), value.join("=").trim()] as const;
    }),
  );
  const host = url.hostname.toLowerCase();
  const domain = (attributes.get("domain") ?? "").replace(/^\./, "").toLowerCase();
  const covers = domain !== "" && (host === domain || host.endsWith(`.${domain}`)) && domain.includes(".");
  // Somebody else's domain: as browsers do, the cookie is not taken.
  if (domain !== "" && !covers && domain !== host) return null;
  const path = attributes.get("path") ?? "";
  const cookie: Cookie = {
    name,
    value: pair.slice(at + 1).trim(),
    host: covers ? domain : host,
    subdomains: covers,
    path: path.startsWith("/") ? path : url.pathname.replace(/\/[^/]*$/, "") || "/",
    secure: attributes.has("secure"),
  };
  return { cookie, isOver: isOver(attributes, wallMs) };
}

/** `Max-Age` goes before `Expires`. */
function isOver(attributes: ReadonlyMap<string, string>, wallMs: number): boolean {
  const age = attributes.get("max-age");
  if (age !== undefined && /^-?\d+$/.test(age)) return Number(age) <= 0;
  const end = Date.parse(attributes.get("expires") ?? "");
  return !Number.isNaN(end) && end <= wallMs;
}

function fits({ host, subdomains, path, secure }: Cookie, url: URL): boolean {
  const asked = url.hostname.toLowerCase();
  if (asked !== host && !(subdomains && asked.endsWith(`.${host}`))) return false;
  if (secure && url.protocol !== "https:" && !/^(localhost|127\.|\[::1\])/.test(asked)) return false;
  return url.pathname === path || url.pathname.startsWith(path.endsWith("/") ? path : `${path}/`);
}
