/** What stands for bytes that are awkward to type; `\xNN` is any byte. */
const ESCAPE = /\\(?:x([\da-fA-F]{2})|([rnt\\]))/g;
const PLAIN: Record<string, string> = { r: "\r", n: "\n", t: "\t", "\\": "\\" };

/** The first escape that is none, as written; null when all are understood. */
export const badEscape = (text: string): string | null =>
  /\\(?:x.{0,2}|.?)/su.exec(text.replace(ESCAPE, ""))?.[0] ?? null;

/** The bytes that a text with escapes stands for; everything else is UTF-8. */
export function unescaped(text: string): Buffer {
  const parts: Buffer[] = [];
  let end = 0;
  for (const { 0: whole, 1: hex, 2: letter = "", index } of text.matchAll(ESCAPE)) {
    parts.push(Buffer.from(text.slice(end, index)));
    parts.push(hex === undefined ? Buffer.from(PLAIN[letter] ?? "") : Buffer.from(hex, "hex"));
    end = index + whole.length;
  }
  parts.push(Buffer.from(text.slice(end)));
  return Buffer.concat(parts);
}
