import type { Dialogue } from "./dialogue.ts";

/** An answer that begins with a number of three digits, as SMTP and FTP have it. */
export interface NumberedReply {
  code: string;
  /** What follows the code, line by line. */
  lines: string[];
  /** The first line as it came. */
  said: string;
}

/** Reads the next such answer, which may have several lines (RFC 5321 §4.2.1, RFC 959 §4.2). */
export async function numberedReply(dialogue: Dialogue): Promise<NumberedReply> {
  const said = await dialogue.line();
  const [, code, dash, text = ""] = /^(\d{3})([- ]?)(.*)$/s.exec(said) ?? [];
  if (code === undefined) throw dialogue.notSpoken(said);
  const lines = [text];
  let isLast = dash !== "-";
  while (!isLast) {
    const line = await dialogue.line();
    isLast = line.startsWith(code) && line[3] !== "-";
    lines.push(line.startsWith(code) ? line.slice(4) : line);
  }
  return { code, lines, said };
}

/** All of it as it came, line by line. */
export const asSent = ({ code, lines }: NumberedReply): string[] =>
  lines.map((line, i) => `${code}${i < lines.length - 1 ? "-" : " "}${line}`);
