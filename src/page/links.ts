import type { Platform } from "../platform/platform.ts";
import { type LinkClaim, VERBS } from "./answer.ts";

/** Keeps these signatures apart from every other use of the installation's secret. */
const PURPOSE = "answer-link";

const bytesOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll("-", ""), "hex");

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Subject, person, round, verb, and the channel's name: 37 bytes and a few letters. */
function pack({ subjectId, round, personId, verb, via }: LinkClaim): string {
  const numbers = Buffer.alloc(5);
  numbers.writeUInt32BE(round, 0);
  numbers.writeUInt8(VERBS.indexOf(verb), 4);
  return Buffer.concat([bytesOf(subjectId), bytesOf(personId), numbers, Buffer.from(via)]).toString(
    "base64url",
  );
}

function unpack(text: string): LinkClaim | null {
  const bytes = Buffer.from(text, "base64url");
  const verb = VERBS[bytes[36] ?? VERBS.length];
  if (bytes.length < 37 || !verb) return null;
  return {
    subjectId: uuidOf(bytes.subarray(0, 16)),
    personId: uuidOf(bytes.subarray(16, 32)),
    round: bytes.readUInt32BE(32),
    verb,
    via: bytes.subarray(37).toString("utf8"),
  };
}

/** The token of an answer link: what it is for, and a signature over all of it. */
export function answerToken({ secrets }: Pick<Platform, "secrets">, claim: LinkClaim): string {
  const packed = pack(claim);
  return `${packed}.${secrets.sign(PURPOSE, packed)}`;
}

/** A link that answers for one person, in one round, with one verb, and for nothing else. */
export const answerUrl = (platform: Pick<Platform, "secrets" | "url">, claim: LinkClaim): string =>
  `${platform.url}/a/${answerToken(platform, claim)}`;

/** What a link is for; null when it was not made by this installation. */
export function readAnswerToken({ secrets }: Pick<Platform, "secrets">, token: string): LinkClaim | null {
  const [packed = "", signature = "", ...rest] = token.split(".");
  if (rest.length > 0 || !secrets.verify(PURPOSE, packed, signature)) return null;
  return unpack(packed);
}
