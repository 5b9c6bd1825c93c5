/** A word is made of pieces: in single quotes as it stands, in double quotes or bare with backslashes. */
const PIECE = /'([^']*)'|"((?:[^"\\]|\\.)*)"|((?:[^\s'"\\]|\\.)+)/suy;
const BLANK = /\s*/suy;

/** A line cut into words as a shell would, with nothing expanded; null when a quote or a backslash has no end. */
export function wordsOf(line: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < line.length) {
    const blank = matchAt(BLANK, line, at)?.[0].length ?? 0;
    if (blank > 0) {
      if (word !== null) words.push(word);
      word = null;
      at += blank;
      continue;
    }
    const piece = matchAt(PIECE, line, at);
    if (!piece) return null;
    const [whole, single, double, bare = ""] = piece;
    word = (word ?? "") + (single ?? (double ?? bare).replace(/\\(.)/gsu, "$1"));
    at += whole.length;
  }
  return word === null ? words : [...words, word];
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** The command as the protocol has it, RESP: a list of texts, each with its length. */
export const encoded = (words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`;
