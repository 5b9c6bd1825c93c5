import { defineKind, NO_TIMINGS } from "../kind.ts";
import {
  describeHeartbeat,
  type HeartbeatConfig,
  heartbeatConfig,
  heartbeatForm,
  heartbeatSecrets,
} from "./config.ts";
import { heartbeatDocs, heartbeatExample } from "./docs.ts";

export const heartbeat = defineKind<HeartbeatConfig, "heartbeat">({
  id: "heartbeat",
  label: "Heartbeat",
  probed: false,
  schema: heartbeatConfig,
  form: heartbeatForm,
  docs: heartbeatDocs,
  example: heartbeatExample,
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
