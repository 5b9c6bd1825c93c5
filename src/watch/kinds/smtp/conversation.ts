import type { Socket } from "node:net";
import { connect, upgrade } from "../base/connection.ts";
import { Dialogue } from "../base/dialogue.ts";
import { Failure } from "../base/failure.ts";
import { asSent, type NumberedReply, numberedReply } from "../base/numbered-reply.ts";
import type { Trace } from "../base/trace.ts";
import type { CheckContext } from "../kind.ts";
import { modeOf, portOf, type SmtpConfig, secureOf } from "./config.ts";

interface Hands {
  context: CheckContext;
  trace: Trace;
}

/** Speaks SMTP over a connection of its own, and keeps what both sides said as evidence. */
export class Conversation {
  readonly #config: SmtpConfig;
  readonly #hands: Hands;
  #socket: Socket;
  #dialogue: Dialogue;
  #isShakingHands = false;

  private constructor(config: SmtpConfig, socket: Socket, hands: Hands) {
    this.#config = config;
    this.#hands = hands;
    this.#socket = socket;
    this.#dialogue = new Dialogue(socket, "SMTP");
  }

  /** Connected, and encrypted where that comes first. */
  static async open(config: SmtpConfig, hands: Hands): Promise<Conversation> {
    const tls = modeOf(config) === "implicit" ? (secureOf(config) ?? undefined) : undefined;
    const wanted = { host: config.host, port: portOf(config), tls };
    const socket = await connect(wanted, hands.context, hands.trace);
    hands.trace.enter("first_byte");
    return new Conversation(config, socket, hands);
  }

  /** How the check names itself. */
  get name(): string {
    return this.#config.helo ?? this.#dialogue.ownAddress;
  }

  async hear(): Promise<NumberedReply> {
    const reply = await numberedReply(this.#dialogue);
    this.#note(asSent(reply));
    return reply;
  }

  /** @param shown in its place as evidence, where it is a secret */
  async ask(line: string, shown = line): Promise<NumberedReply> {
    this.#note([`> ${shown}`]);
    // Its first word: what follows may be a secret.
    this.#hands.trace.asked = /^[A-Z]+/.exec(shown)?.[0] ?? this.#hands.trace.asked;
    this.#dialogue.say(`${line}\r\n`);
    return this.hear();
  }

  /** Asks for TLS and begins it; what the server offered before is void. */
  async encrypt(): Promise<void> {
    const { said, code } = await this.ask("STARTTLS");
    if (code !== "220")
      throw new Failure({ reason: `[tls] the server does not begin TLS: ${said}`, code: "tls:none" });
    this.#dialogue.over();
    this.#isShakingHands = true;
    const secure = secureOf(this.#config) ?? { verify: true };
    this.#socket = await upgrade(this.#socket, { host: this.#config.host, secure }, this.#hands);
    this.#isShakingHands = false;
    this.#dialogue = new Dialogue(this.#socket, "SMTP");
    this.#hands.trace.enter("first_byte");
  }

  /** Takes leave, without waiting for an answer; without it, servers log each check as a lost connection. */
  leave(): Promise<void> {
    return new Promise((sent) => {
      // Nothing may be written below a handshake that has failed.
      if (this.#socket.writable && !this.#isShakingHands) this.#socket.write("QUIT\r\n", () => sent());
      else sent();
    });
  }

  #note(lines: readonly string[]): void {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
    this.#hands.trace.body.push(bytes);
    this.#hands.trace.bodyBytes += bytes.length;
  }
}
