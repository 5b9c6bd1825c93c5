import type { Dialogue } from "../base/dialogue.ts";
import { Failure } from "../base/failure.ts";
import { quote, visible } from "../base/finding.ts";
import { numberedReply } from "../base/numbered-reply.ts";

/** How TLS is asked for in a protocol that begins in clear. */
export interface StartTls {
  label: string;
  port: number;
  /** Until the server has agreed; throws why it didn't. */
  begin(dialogue: Dialogue): Promise<void>;
  /** Said once encrypted: without, many servers log each check as an aborted connection. */
  farewell?: string;
}

export const STARTTLS_NAMES = ["smtp", "imap", "pop3", "ftp", "ldap", "postgres"] as const;
export type StartTlsName = (typeof STARTTLS_NAMES)[number];

const refused = (said: string): Failure =>
  new Failure({ reason: `[tls] the server does not offer TLS: ${quote(visible(said))}`, code: "tls:none" });
const unwelcome = (said: string): Failure =>
  new Failure({ reason: `[starttls] the server greets with ${quote(visible(said))}`, code: "starttls" });

async function smtp(dialogue: Dialogue): Promise<void> {
  const greeting = await numberedReply(dialogue);
  if (greeting.code !== "220") throw unwelcome(greeting.said);
  dialogue.say(`EHLO ${dialogue.ownAddress}\r\n`);
  const offers = await numberedReply(dialogue);
  if (offers.code !== "250") throw refused(offers.said);
  if (!offers.lines.some((line) => /^STARTTLS\b/i.test(line)))
    throw new Failure({ reason: "[tls] the server does not offer STARTTLS", code: "tls:none" });
  dialogue.say("STARTTLS\r\n");
  const answer = await numberedReply(dialogue);
  if (answer.code !== "220") throw refused(answer.said);
}

async function ftp(dialogue: Dialogue): Promise<void> {
  const greeting = await numberedReply(dialogue);
  if (greeting.code !== "220") throw unwelcome(greeting.said);
  dialogue.say("AUTH TLS\r\n");
  const answer = await numberedReply(dialogue);
  if (answer.code !== "234") throw refused(answer.said);
}

async function imap(dialogue: Dialogue): Promise<void> {
  const greeting = await dialogue.line();
  if (!/^\* (?:OK|BYE|PREAUTH)\b/i.test(greeting)) throw dialogue.notSpoken(greeting);
  // After PREAUTH a server takes no STARTTLS (RFC 9051 §6.2.1).
  if (!/^\* OK\b/i.test(greeting)) throw unwelcome(greeting);
  dialogue.say("k1 STARTTLS\r\n");
  let answer = await dialogue.line();
  while (answer.startsWith("* ")) answer = await dialogue.line();
  if (!answer.startsWith("k1 ")) throw dialogue.notSpoken(answer);
  if (!/^k1 OK\b/i.test(answer)) throw refused(answer.slice(3));
}

async function pop3(dialogue: Dialogue): Promise<void> {
  const greeting = await dialogue.line();
  if (!/^(?:\+OK|-ERR)/.test(greeting)) throw dialogue.notSpoken(greeting);
  if (!greeting.startsWith("+OK")) throw unwelcome(greeting);
  dialogue.say("STLS\r\n");
  const answer = await dialogue.line();
  if (!answer.startsWith("+OK")) throw refused(answer);
}

/** Message 1, an extended request by the name 1.3.6.1.4.1.1466.20037 (RFC 4511 §4.14). */
const LDAP_REQUEST = Buffer.concat([
  Buffer.from([0x30, 0x1d, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16]),
  Buffer.from("1.3.6.1.4.1.1466.20037"),
]);
const LDAP_LONGEST = 4_096;

async function ldap(dialogue: Dialogue): Promise<void> {
  dialogue.say(LDAP_REQUEST);
  const head = await dialogue.bytes(2);
  const lengthBytes = extraBytes(head[1]);
  if (head[0] !== 0x30 || lengthBytes > 4) throw dialogue.notSpoken(head.toString("latin1"));
  const length =
    lengthBytes === 0 ? head.readUInt8(1) : (await dialogue.bytes(lengthBytes)).readUIntBE(0, lengthBytes);
  if (length > LDAP_LONGEST) throw dialogue.notSpoken(`a message of ${length} bytes`);
  const message = await dialogue.bytes(length);
  const result = ldapResult(message);
  if (result === undefined) throw dialogue.notSpoken(message.toString("latin1"));
  if (result !== 0) throw refused(`result ${result}`);
}

/** A length below 128 stands in its own byte; above, that byte says how many bytes follow with it (X.690 §8.1.3). */
const extraBytes = (first = 0): number => (first < 0x80 ? 0 : first - 0x80);

/** Of an extended response to message 1, which begins with its result; undefined for anything else. */
function ldapResult(message: Buffer): number | undefined {
  const isResponse = message.subarray(0, 4).equals(Buffer.from([0x02, 0x01, 0x01, 0x78]));
  const at = 5 + extraBytes(message[4]);
  return isResponse && message[at] === 0x0a && message[at + 1] === 1 ? message[at + 2] : undefined;
}

/** Length 8 and the number that stands for "TLS, please" where a protocol version would. */
const POSTGRES_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

async function postgres(dialogue: Dialogue): Promise<void> {
  dialogue.say(POSTGRES_REQUEST);
  const answer = (await dialogue.bytes(1)).toString("latin1");
  if (answer === "N") throw new Failure({ reason: "[tls] the server does not offer TLS", code: "tls:none" });
  if (answer !== "S") throw dialogue.notSpoken(answer);
}

export const STARTTLS: Readonly<Record<StartTlsName, StartTls>> = {
  smtp: { label: "SMTP", port: 25, begin: smtp, farewell: "QUIT\r\n" },
  imap: { label: "IMAP", port: 143, begin: imap, farewell: "k2 LOGOUT\r\n" },
  pop3: { label: "POP3", port: 110, begin: pop3, farewell: "QUIT\r\n" },
  ftp: { label: "FTP", port: 21, begin: ftp, farewell: "QUIT\r\n" },
  ldap: { label: "LDAP", port: 389, begin: ldap },
  postgres: { label: "PostgreSQL", port: 5432, begin: postgres },
};
