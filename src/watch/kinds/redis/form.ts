import { hostField, latencyFields, portField, tlsField, valueFields } from "../base/form-fields.ts";
import type { FormField } from "../kind.ts";
import { REDIS_PORT } from "./config.ts";

export const redisForm: readonly FormField[] = [
  hostField("Server", "cache.example.com"),
  portField("Server", REDIS_PORT),
  {
    name: "user",
    label: "User",
    type: "text",
    group: "Server",
    help: "Left empty, the password is the server's own.",
  },
  { name: "password", label: "Password", type: "secret", group: "Server" },
  { name: "database", label: "Database", type: "number", group: "Server", default: 0, min: 0 },
  {
    name: "command",
    label: "Command",
    type: "text",
    group: "Command",
    placeholder: "PING",
    help: "Run as it is with each check, also one that writes.",
  },
  ...valueFields("Answer", { placeholder: "PONG" }),
  ...latencyFields("50ms", "1s"),
  tlsField(),
];
