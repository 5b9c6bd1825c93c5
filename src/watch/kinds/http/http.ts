import { isSecretHeader } from "../base/redact.ts";
import { defineKind } from "../kind.ts";
import { checkHttp } from "./check.ts";
import { bareHost, httpConfig, secretPointers } from "./config.ts";
import { describeHttp } from "./describe.ts";
import { httpDocs, httpExample } from "./docs.ts";
import { httpForm } from "./form.ts";

export const http = defineKind({
  id: "http",
  label: "Web page or API",
  schema: httpConfig,
  form: httpForm,
  docs: httpDocs,
  example: httpExample,
  secrets: (config) => secretPointers(config, isSecretHeader),
  host: ({ url }) => bareHost(new URL(url)),
  describe: describeHttp,
  check: checkHttp,
});
