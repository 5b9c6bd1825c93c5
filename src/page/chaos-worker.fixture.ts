import { systemClock } from "../platform/clock.ts";
import { openWorld } from "./world.fixture.ts";

/** A worker in a process of its own, by the real clock, until it is killed. */
const [url = "", home = ""] = process.argv.slice(2);
process.on("uncaughtException", () => {});
await openWorld({ url, clock: systemClock, home, connections: 8 }).start();
process.send?.("ready");
