import { hostField, latencyFields, portField } from "../base/form-fields.ts";
import type { FormField } from "../kind.ts";
import { MODES, SMTP_PORT } from "./config.ts";

export const smtpForm: readonly FormField[] = [
  hostField("Server", "mail.example.com"),
  portField(
    "Server",
    SMTP_PORT,
    "25 between servers, 587 for people's programs, 465 for those over TLS from the first byte.",
  ),
  {
    name: "tls",
    label: "TLS",
    type: "select",
    options: MODES,
    group: "Server",
    help: "Left empty: from the first byte on port 465, else none.",
  },
  {
    name: "user",
    label: "User",
    type: "text",
    group: "Sign-in",
    help: "Left empty, nobody signs in.",
  },
  { name: "password", label: "Password", type: "secret", group: "Sign-in" },
  {
    name: "from",
    label: "Sender",
    type: "text",
    group: "Envelope",
    placeholder: "keepwatch@example.com",
    help: "Asked about, never used: no mail is sent.",
  },
  {
    name: "to",
    label: "Recipient",
    type: "text",
    group: "Envelope",
    placeholder: "postmaster@example.com",
    help: "Must be accepted, unless another code is expected.",
  },
  {
    name: "helo",
    label: "Own name",
    type: "text",
    group: "Envelope",
    placeholder: "keepwatch.example.com",
    help: "Left empty: this machine's address.",
  },
  {
    name: "expect.code",
    label: "Code",
    type: "number",
    group: "Expect",
    min: 200,
    max: 599,
    placeholder: "220",
    help: "Of the last answer about the envelope; without one, of the greeting.",
  },
  {
    name: "expect.contains",
    label: "Greeting contains",
    type: "texts",
    group: "Expect",
    placeholder: "ESMTP",
  },
  ...latencyFields("2s", "8s"),
];
