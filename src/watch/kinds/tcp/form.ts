import { hostField, latencyFields, tlsField } from "../base/form-fields.ts";
import type { FormField } from "../kind.ts";

export const tcpForm: readonly FormField[] = [
  hostField("Port", "mail.example.com"),
  { name: "port", label: "Port", type: "number", group: "Port", required: true, min: 1, max: 65_535 },
  {
    name: "send",
    label: "Send",
    type: "textarea",
    group: "Conversation",
    placeholder: "PING\\r\\n",
    help: "\\r, \\n, \\t and \\xNN stand for bytes. Left empty, the server is expected to speak first.",
  },
  {
    name: "expect.contains",
    label: "Answer contains",
    type: "texts",
    group: "Conversation",
    placeholder: "+PONG",
    help: "Left empty, an accepted connection is enough.",
  },
  {
    name: "expect.matches",
    label: "Answer matches",
    type: "text",
    group: "Conversation",
    placeholder: "^220 ",
    help: "A regular expression.",
  },
  ...latencyFields("500ms", "5s"),
  tlsField("Encrypt from the first byte"),
];
