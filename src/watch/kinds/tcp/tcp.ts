import { defineKind } from "../kind.ts";
import { checkTcp } from "./check.ts";
import { describeTcp, tcpConfig } from "./config.ts";
import { tcpDocs, tcpExample } from "./docs.ts";
import { tcpForm } from "./form.ts";

export const tcp = defineKind({
  id: "tcp",
  label: "TCP port",
  schema: tcpConfig,
  form: tcpForm,
  docs: tcpDocs,
  example: tcpExample,
  secrets: () => [],
  host: ({ host }) => host,
  describe: describeTcp,
  check: checkTcp,
});
