import type { z } from "zod";
import { invalid } from "../platform/refusal.ts";
import type { guess } from "./schema.ts";

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

/** Reads what somebody typed or pasted (a URL, a host, a host and port) as a monitor to try. */
export function guessMonitor(text: string): z.infer<typeof guess> {
  const trimmed = text.trim();
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)
    ? trimmed
    : `${isLocal(trimmed) ? "http" : "https"}://${trimmed}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:") || !url.hostname) {
    throw invalid(
      "/text",
      `"${trimmed}" is not a web address. Paste one such as https://shop.example.com/health.`,
    );
  }
  if (url.username || url.password)
    throw invalid(
      "/text",
      "Leave the user and the password out of the address; a monitor has fields for them.",
    );
  const path = url.pathname === "/" ? "" : url.pathname;
  const host =
    url.hostname.replace(/^www\./, "") + (url.port && !isLocal(url.hostname) ? `:${url.port}` : "");
  const name = `${isLocal(url.hostname) ? url.host : host}${path}`;
  return { kind: "http", config: { url: url.toString() }, name, slug: slugOf(name) };
}

const isLocal = (text: string): boolean =>
  /^(localhost|127\.|10\.|192\.168\.|\[::1\]|[^./:]+(:\d+)?(\/|$))/.test(text);
