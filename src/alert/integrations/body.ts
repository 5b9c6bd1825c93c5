import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw } from "node:zlib";
import type { SourceRequest } from "../sources/source.ts";

/** As much as PagerDuty takes; also unpacked. */
export const LARGEST_BODY = 512 * 1024;
/** What is too long is read on for so much more, so that the sender hears the answer. */
const DRAINED = 8 * LARGEST_BODY;
const DEEPEST = 64;

export type Body =
  | { kind: "body"; bytes: Buffer; text: string; json: unknown; form: Record<string, string> | undefined }
  | { kind: "too_large" }
  /** `bytes` are what could be unpacked of it. */
  | { kind: "malformed"; why: string; bytes: Buffer };

/** What arrives, so far as it isn't too long; undefined when it is. */
export async function readBounded(payload: AsyncIterable<Buffer>): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of payload) {
    size += chunk.length;
    if (size <= LARGEST_BODY) chunks.push(chunk);
    else if (size > DRAINED) break;
  }
  return size > LARGEST_BODY ? undefined : Buffer.concat(chunks);
}

/** What a kind reads of a body; nothing of one that could not be parsed. */
export const readable = (body: Body): Pick<SourceRequest, "text" | "json" | "form"> =>
  body.kind === "body"
    ? { text: body.text, json: body.json, form: body.form }
    : { text: "", json: undefined, form: undefined };

const UNPACK = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  br: promisify(brotliDecompress),
} as const;

/** Unpacks and parses a body, within bounds. It is tried as JSON whenever it looks like it, whatever it is called. */
export async function parseBody(
  raw: Buffer | undefined,
  headers: { type: string; encoding: string },
): Promise<Body> {
  if (raw === undefined) return { kind: "too_large" };
  const bytes = await unpack(raw, headers.encoding);
  if (!Buffer.isBuffer(bytes)) return bytes;
  const text = bytes.toString("utf8").replace(/^\ufeff/, "");
  const parsed = { kind: "body" as const, bytes, text, json: undefined, form: undefined };
  const isForm = /^application\/x-www-form-urlencoded/i.test(headers.type);
  const saysJson = /[/+]json\b/i.test(headers.type);
  if (saysJson || /^\s*[[{]/.test(text)) {
    const json = parseJson(text);
    if ("value" in json) return { ...parsed, json: json.value };
    if (saysJson) return { kind: "malformed", why: json.why, bytes };
  }
  return isForm ? { ...parsed, form: Object.fromEntries(new URLSearchParams(text)) } : parsed;
}

async function unpack(raw: Buffer, encoding: string): Promise<Buffer | Exclude<Body, { kind: "body" }>> {
  const how = encoding.trim().toLowerCase();
  if (how === "" || how === "identity") return raw;
  const limit = { maxOutputLength: LARGEST_BODY };
  try {
    if (how === "deflate") return await inflated(raw);
    const unpacked = UNPACK[how as keyof typeof UNPACK];
    if (!unpacked)
      return { kind: "malformed", why: `The content-encoding "${how}" is not known.`, bytes: raw };
    return await unpacked(raw, limit);
  } catch (error) {
    if (isTooLarge(error)) return { kind: "too_large" };
    return { kind: "malformed", why: `The body is not what its content-encoding says (${how}).`, bytes: raw };
  }
}

/** "deflate" is with zlib's frame by the book, and without it by some senders. */
async function inflated(raw: Buffer): Promise<Buffer> {
  const limit = { maxOutputLength: LARGEST_BODY };
  try {
    return await promisify(inflate)(raw, limit);
  } catch (error) {
    if (isTooLarge(error)) throw error;
    return promisify(inflateRaw)(raw, limit);
  }
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";

function parseJson(text: string): { value: unknown } | { why: string } {
  try {
    const value: unknown = JSON.parse(text);
    return isTooDeep(value) ? { why: `The JSON is nested more than ${DEEPEST} deep.` } : { value };
  } catch {
    return { why: "The body is not valid JSON." };
  }
}

/** Whoever walks the value later may do so by recursion. */
function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((each) =>
      typeof each === "object" && each !== null
        ? Object.values(each).filter((inner) => typeof inner === "object" && inner !== null)
        : [],
    );
  }
  return false;
}
