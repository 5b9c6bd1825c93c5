/** Loaded into a Keepwatch before anything else: whatever it connects to at a faraway address goes through the test's relay. */
import net from "node:net";

const relays = new Map(Object.entries(JSON.parse(process.env.KEEPWATCH_TEST_UPLINK ?? "{}")));
const connect = net.Socket.prototype.connect;

function connectByRelay(this: net.Socket, ...args: unknown[]): net.Socket {
  // Node's own callers give one list, with the options first.
  const list = Array.isArray(args[0]) ? args[0] : args;
  const port = relays.get(String(list[0]?.host));
  if (port !== undefined)
    list[0] = { ...list[0], host: "127.0.0.1", port, lookup: undefined, autoSelectFamily: false };
  return Reflect.apply(connect, this, args);
}

Object.assign(net.Socket.prototype, { connect: connectByRelay });
