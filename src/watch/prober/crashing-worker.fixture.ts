import { parentPort } from "node:worker_threads";
import type { ToWorker } from "./protocol.ts";
import "./worker.ts";

/** The prober's worker, but a check of the kind `crash` takes the whole thread with it. */
parentPort?.on("message", (message: ToWorker) => {
  if (message.type === "check" && message.target.kind === "crash") throw new Error("crashed as asked");
});
