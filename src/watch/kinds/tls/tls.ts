import { defineKind } from "../kind.ts";
import { checkTls } from "./check.ts";
import { describeTls, tlsConfig } from "./config.ts";
import { tlsDocs, tlsExample } from "./docs.ts";
import { tlsForm } from "./form.ts";

export const tls = defineKind({
  id: "tls",
  label: "TLS certificate",
  schema: tlsConfig,
  form: tlsForm,
  docs: tlsDocs,
  example: tlsExample,
  secrets: () => [],
  host: ({ host }) => host,
  describe: describeTls,
  check: checkTls,
});
