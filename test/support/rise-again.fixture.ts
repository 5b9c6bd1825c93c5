/** Falls once, long after it was ready, with an error that nobody hears; says what it knows when it has risen. */
import { EventEmitter } from "node:events";
import { FELL, riseAgain } from "../../src/platform/rise-again.ts";

const risen = process.env[FELL];
if (risen === undefined) {
  const { now } = performance;
  riseAgain(process.env);
  if (process.argv[2] === "later") performance.now = () => now.call(performance) + 60_000;
  setTimeout(() => new EventEmitter().emit("error", new Error("a socket nobody listened to")), 10);
} else process.stdout.write(`risen ${process.pid} ${process.argv[2]} ${risen.split("\n")[0]}\n`);
