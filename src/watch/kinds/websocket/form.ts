import { latencyFields } from "../base/form-fields.ts";
import { jsonFields } from "../base/json-wish.ts";
import { tlsFields } from "../http/tls-fields.ts";
import type { FormField } from "../kind.ts";

export const websocketForm: readonly FormField[] = [
  {
    name: "url",
    label: "URL",
    type: "url",
    group: "Connection",
    required: true,
    placeholder: "wss://example.com/live",
  },
  {
    name: "send",
    label: "Send",
    type: "textarea",
    group: "Conversation",
    placeholder: '{"type":"ping"}',
    help: "One text message. Left empty, the server is expected to speak first, or not at all.",
  },
  {
    name: "expect.contains",
    label: "A message contains",
    type: "texts",
    group: "Conversation",
    placeholder: "pong",
    help: "With no expectation of a message, a connection that opens is enough.",
  },
  {
    name: "expect.matches",
    label: "A message matches",
    type: "text",
    group: "Conversation",
    help: "A regular expression.",
  },
  { name: "expect.json", label: "JSON", type: "list", of: jsonFields, group: "Conversation" },
  {
    name: "expect.close_code",
    label: "The server closes with",
    type: "number",
    min: 1_000,
    max: 4_999,
    group: "Conversation",
    placeholder: "1000",
  },
  ...latencyFields("800ms", "5s"),
  {
    name: "subprotocols",
    label: "Subprotocols to offer",
    type: "texts",
    group: "Connection",
    placeholder: "graphql-transport-ws",
  },
  { name: "expect.subprotocol", label: "Subprotocol the server chooses", type: "text", group: "Expect" },
  { name: "headers", label: "Headers", type: "pairs", group: "Connection" },
  ...tlsFields,
];
