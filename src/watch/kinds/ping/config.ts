import { z } from "zod";
import { duration, host, msOf } from "../base/fields.ts";
import { spell } from "../base/finding.ts";
import { ip, mismatchOf } from "../base/ip.ts";

export const DEFAULT_COUNT = 3;
const DEFAULT_INTERVAL_MS = 1_000;
/** What programs allow to everybody, not to the administrator alone. */
const SHORTEST_INTERVAL_MS = 200;
const LONGEST_INTERVAL_MS = 10_000;
/** Less has no room for the time at which it was sent, and its answers tell no round trip. */
const SMALLEST = 16;
const LARGEST = 65_507;

const interval = duration.refine((text) => {
  const ms = msOf(text) ?? 0;
  return ms >= SHORTEST_INTERVAL_MS && ms <= LONGEST_INTERVAL_MS;
}, "write an interval from 200ms to 10s");

const percent = z.number().min(0).max(99, "write a percentage from 0 to 99");

export const pingConfig = z
  .strictObject({
    host,
    count: z.int("write how many requests to send, from 1 to 20").min(1).max(20).optional(),
    interval: interval.optional(),
    size: z
      .int(`write a number of bytes from ${SMALLEST} to ${LARGEST}`)
      .min(SMALLEST)
      .max(LARGEST)
      .optional(),
    ip: ip.optional(),
    expect: z
      .strictObject({
        loss: percent.optional(),
        loss_down: percent.optional(),
        latency: duration.optional(),
        latency_down: duration.optional(),
        jitter: duration.optional(),
      })
      .optional(),
  })
  .superRefine(({ host, ip, count, expect }, issue) => {
    const wrong = (path: string[], message: string) => issue.addIssue({ code: "custom", path, message });
    const mismatch = mismatchOf(ip, host);
    if (mismatch) wrong(["ip"], mismatch);
    if (count === 1 && expect?.jitter !== undefined)
      wrong(["expect", "jitter"], "a single answer has no jitter; leave count out or raise it");
  });

export type PingConfig = z.infer<typeof pingConfig>;

export const countOf = ({ count = DEFAULT_COUNT }: PingConfig): number => count;
export const intervalMsOf = ({ interval }: PingConfig): number => msOf(interval) ?? DEFAULT_INTERVAL_MS;

/** `gw.example.com answers pings, with no more than 20 % lost, in under 50 ms on average.` */
export function describePing(config: PingConfig): string {
  const { host, expect = {} } = config;
  const loss = expect.loss ?? expect.loss_down;
  const latencyMs = msOf(expect.latency ?? expect.latency_down);
  const jitterMs = msOf(expect.jitter);
  const parts = [
    `${host} answers pings${config.ip === undefined || config.ip === "any" ? "" : ` over IPv${config.ip}`}`,
    ...(loss === undefined ? [] : [`with no more than ${loss} % lost`]),
    ...(latencyMs === undefined ? [] : [`in under ${spell(latencyMs)} on average`]),
    ...(jitterMs === undefined ? [] : [`with a jitter under ${spell(jitterMs)}`]),
  ];
  return `${parts.join(", ")}.`;
}
