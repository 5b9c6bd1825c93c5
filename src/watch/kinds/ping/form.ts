import { hostField } from "../base/form-fields.ts";
import type { FormField } from "../kind.ts";
import { DEFAULT_COUNT } from "./config.ts";

export const pingForm: readonly FormField[] = [
  hostField("Target", "gw.example.com"),
  {
    name: "count",
    label: "Requests",
    type: "number",
    group: "Target",
    default: DEFAULT_COUNT,
    min: 1,
    max: 20,
    help: "Sent with each check, one after the other.",
  },
  {
    name: "interval",
    label: "Between requests",
    type: "duration",
    group: "Target",
    default: "1s",
  },
  {
    name: "size",
    label: "Bytes of payload",
    type: "number",
    group: "Target",
    default: 56,
    min: 16,
    max: 65_507,
  },
  {
    name: "ip",
    label: "IP version",
    type: "select",
    options: ["any", "4", "6"],
    default: "any",
    group: "Target",
  },
  {
    name: "expect.loss",
    label: "Degraded when more is lost than (%)",
    type: "number",
    group: "Expect",
    min: 0,
    max: 99,
    help: "Without a single answer it is down in any case.",
  },
  {
    name: "expect.loss_down",
    label: "Down when more is lost than (%)",
    type: "number",
    group: "Expect",
    min: 0,
    max: 99,
  },
  {
    name: "expect.latency",
    label: "Degraded when slower than, on average",
    type: "duration",
    group: "Expect",
    placeholder: "50ms",
  },
  {
    name: "expect.latency_down",
    label: "Down when slower than, on average",
    type: "duration",
    group: "Expect",
    placeholder: "1s",
  },
  {
    name: "expect.jitter",
    label: "Degraded when the jitter is over",
    type: "duration",
    group: "Expect",
    placeholder: "30ms",
  },
];
