import { defineKind } from "../kind.ts";
import { checkSmtp } from "./check.ts";
import { describeSmtp, smtpConfig } from "./config.ts";
import { smtpDocs, smtpExample } from "./docs.ts";
import { smtpForm } from "./form.ts";

export const smtp = defineKind({
  id: "smtp",
  label: "SMTP mail server",
  schema: smtpConfig,
  form: smtpForm,
  docs: smtpDocs,
  example: smtpExample,
  secrets: ({ password }) => (password === undefined ? [] : ["/password"]),
  host: ({ host }) => host,
  describe: describeSmtp,
  check: checkSmtp,
});
