import type { Framing } from "../sql/frames.ts";

const PROTOCOL_10 = 0x0a;
const ERROR = 0xff;

/**
 * A packet is a length of three bytes, a number and a payload.
 * @param greetsAlone the greeting is followed by nothing until we have spoken: what comes with it, before the
 *   encryption, is not the server's
 */
export const packets = (greetsAlone: boolean): Framing => ({
  headBytes: 4,
  lengthAt: (bytes, at) => 4 + bytes.readUIntLE(at, 3),
  isSound(packet, index, isLast) {
    if (index > 0) return packet.length > 4;
    const isGreeting = packet[3] === 0 && (packet[4] === PROTOCOL_10 || packet[4] === ERROR);
    return isGreeting && (isLast || !greetsAlone);
  },
});
