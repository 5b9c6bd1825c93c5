import { type Document, isMap, type LineCounter } from "yaml";
import type { Path } from "./parse.ts";

/** Line and column, from 1, of an offset. */
export function position(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

interface Ranged {
  range?: [number, number, number] | null;
}

/** The offset of the node at `path`, or of its nearest ancestor that is written down. For a map's key, the key itself. */
export function offsetOf(doc: Document.Parsed, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const parent = length > 0 ? doc.getIn(path.slice(0, length - 1), true) : undefined;
    if (isMap(parent)) {
      const pair = parent.items.find((item) => String(item.key) === String(path[length - 1]));
      const key = pair?.key as Ranged | undefined;
      if (key?.range) return key.range[0];
    }
    const node = doc.getIn(path.slice(0, length), true) as Ranged | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}
