import { isIP } from "node:net";
import { z } from "zod";
import { parseDuration } from "../../../platform/duration.ts";

/** Fields that several kinds have, each with the sentence that mends it. */

export const duration = z
  .string()
  .refine((text) => (parseDuration(text) ?? 0) > 0, 'write a duration such as "800ms", "20s" or "14d"');

/** One text or several. */
export const texts = z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(20)]);

// RFC 1123 §2.1, and underscores, which service names have (RFC 8552).
const HOST =
  /^(?=.{1,253}\.?$)([a-z\d_]([a-z\d_-]{0,61}[a-z\d_])?)(\.[a-z\d_]([a-z\d_-]{0,61}[a-z\d_])?)*\.?$/i;

/** A name or an address; `::1` without brackets. */
export const host = z.string().superRefine((text, issue) => {
  if (isIP(text) !== 0) return;
  const wrong = (message: string) => issue.addIssue({ code: "custom", message });
  if (text.includes("://")) return wrong(`"${text}" is a URL; write the host alone, e.g. db.example.com`);
  if (/:\d+$/.test(text)) return wrong(`write the host alone; the number in "${text}" belongs under port`);
  if (!HOST.test(text))
    wrong(`"${text}" is no host name or address; write it like db.example.com or 192.0.2.7`);
});

export const port = z.int("write a port from 1 to 65535").min(1).max(65_535);

export const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A regular expression; run it with `safeMatch`. */
export const pattern = z.string().superRefine((text, issue) => {
  try {
    new RegExp(text, "u");
  } catch (error) {
    issue.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
  }
});

/** In ms, as the code has it; undefined stays undefined. */
export const msOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : parseDuration(text);

export const listOf = <T extends string | number>(value: T | T[] | undefined): T[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
