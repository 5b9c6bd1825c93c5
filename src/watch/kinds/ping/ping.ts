import { defineKind } from "../kind.ts";
import { checkPing } from "./check.ts";
import { describePing, pingConfig } from "./config.ts";
import { pingDocs, pingExample } from "./docs.ts";
import { pingForm } from "./form.ts";

export const ping = defineKind({
  id: "ping",
  label: "Ping",
  schema: pingConfig,
  form: pingForm,
  docs: pingDocs,
  example: pingExample,
  secrets: () => [],
  host: ({ host }) => host,
  describe: describePing,
  check: (config, context) => checkPing(config, context),
});
