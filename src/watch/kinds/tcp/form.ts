import type { FormField } from "../kind.ts";

export const tcpForm: readonly FormField[] = [
  {
    name: "host",
    label: "Host",
    type: "text",
    group: "Port",
    required: true,
    placeholder: "mail.example.com",
  },
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
  {
    name: "expect.latency",
    label: "Degraded when slower than",
    type: "duration",
    group: "Expect",
    placeholder: "500ms",
  },
  {
    name: "expect.latency_down",
    label: "Down when slower than",
    type: "duration",
    group: "Expect",
    placeholder: "5s",
  },
  {
    name: "tls",
    label: "TLS",
    type: "boolean",
    group: "Connection",
    help: "Encrypt from the first byte, and refuse a certificate that this machine does not trust; tls: { verify: false } takes any.",
  },
];
