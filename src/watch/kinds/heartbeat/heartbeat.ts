import { defineKind, NO_TIMINGS } from "../kind.ts";
import {
  describeHeartbeat,
  type HeartbeatConfig,
  heartbeatConfig,
  heartbeatForm,
  heartbeatSecrets,
} from "./config.ts";
import { heartbeatDocs } from "./docs.ts";

export const heartbeat = defineKind<HeartbeatConfig, "heartbeat">({
  id: "heartbeat",
  label: "Heartbeat",
  probed: false,
  schema: heartbeatConfig,
  form: heartbeatForm,
  docs: heartbeatDocs,
  example: `- slug: nightly-backup
  service: db
  kind: heartbeat
  cron: "0 3 * * *"
  time_zone: Europe/Paris
  grace: 30m
`,
  secrets: heartbeatSecrets,
  host: () => "",
  describe: describeHeartbeat,
  check: async () => ({
    status: "unknown",
    reason: "a heartbeat waits to be pinged; there is nothing to check",
    cause: "ping:none",
    timings: NO_TIMINGS,
    evidence: null,
    hard: false,
  }),
});
