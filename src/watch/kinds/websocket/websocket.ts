import { bareHost } from "../http/config.ts";
import { defineKind } from "../kind.ts";
import { checkWebsocket } from "./check.ts";
import { describeWebsocket, websocketConfig, websocketSecrets } from "./config.ts";
import { websocketDocs, websocketExample } from "./docs.ts";
import { websocketForm } from "./form.ts";

export const websocket = defineKind({
  id: "websocket",
  label: "WebSocket",
  schema: websocketConfig,
  form: websocketForm,
  docs: websocketDocs,
  example: websocketExample,
  secrets: websocketSecrets,
  host: ({ url }) => bareHost(new URL(url)),
  describe: describeWebsocket,
  check: checkWebsocket,
});
