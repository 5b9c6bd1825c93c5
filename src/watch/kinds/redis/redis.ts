import { defineKind } from "../kind.ts";
import { checkRedis } from "./check.ts";
import { describeRedis, redisConfig } from "./config.ts";
import { redisDocs, redisExample } from "./docs.ts";
import { redisForm } from "./form.ts";

export const redis = defineKind({
  id: "redis",
  label: "Redis or Valkey",
  schema: redisConfig,
  form: redisForm,
  docs: redisDocs,
  example: redisExample,
  secrets: ({ password }) => (password === undefined ? [] : ["/password"]),
  host: ({ host }) => host,
  describe: describeRedis,
  check: checkRedis,
});
