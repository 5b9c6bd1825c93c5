import type { Framing } from "../sql/frames.ts";

const ERROR = "E".charCodeAt(0);
const NOTICE = "N".charCodeAt(0);
/** What a server may begin with: authentication, an error, a notice, another minor version. */
const OPENINGS = Buffer.from("RENv");

/** A message is a letter, a length that counts itself, and a body. */
export const messages: Framing = {
  headBytes: 5,
  lengthAt: (bytes, at) => 1 + bytes.readUInt32BE(at + 1),
  isSound(message, index) {
    const code = message[0] ?? 0;
    if (index === 0 && !OPENINGS.includes(code)) return false;
    return code === ERROR || code === NOTICE ? hasFields(message.subarray(5)) : true;
  },
};

/**
 * Whether the body is fields, each a letter and a text that ends in NUL, and then a NUL: where that last one is
 * missing, pg's parser looks for it forever.
 */
function hasFields(body: Buffer): boolean {
  let at = 0;
  while (body[at]) {
    const end = body.indexOf(0, at + 1);
    if (end === -1) return false;
    at = end + 1;
  }
  return at === body.length - 1;
}
