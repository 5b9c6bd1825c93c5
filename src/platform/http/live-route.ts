import type { FastifyReply, FastifyRequest } from "fastify";
import { type Clock, later } from "../clock.ts";
import type { Live, LiveEvent } from "../live.ts";

const HEARTBEAT_MS = 15_000;

/**
 * Server-sent events: what changes, to a browser that may see it. A comment line every 15 s keeps proxies from
 * closing the stream. `shows` is asked for each event; what it can't say is not shown.
 */
export function streamLive(
  request: FastifyRequest,
  reply: FastifyReply,
  { live, clock, shows }: { live: Live; clock: Clock; shows: (event: LiveEvent) => Promise<boolean> },
): void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    connection: "keep-alive",
    "x-accel-buffering": "no",
  });
  raw.write("retry: 1000\n\n");
  const stopHearing = live.subscribe((event) => {
    const tell = (shown: boolean) => {
      if (shown && !raw.destroyed)
        raw.write(`data: ${JSON.stringify({ type: event.type, id: event.id, of: event.of })}\n\n`);
    };
    shows(event).then(tell, () => tell(false));
  });
  let cancelBeat = () => {};
  const beat = () => {
    raw.write(": still here\n\n");
    cancelBeat = clock.at(later(clock.now(), HEARTBEAT_MS), beat);
  };
  beat();
  request.raw.on("close", () => {
    stopHearing();
    cancelBeat();
  });
}
