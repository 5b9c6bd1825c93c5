import { latencyFields } from "../base/form-fields.ts";
import { METHODS } from "../http/config.ts";
import { defineKind, type FormField } from "../kind.ts";
import { checkScenario } from "./check.ts";
import { firstHost, type ScenarioStep, scenarioConfig, secretsOf } from "./config.ts";
import { scenarioDocs, scenarioExample } from "./docs.ts";

const STEP: readonly FormField[] = [
  { name: "name", label: "Step", type: "text", group: "Steps", placeholder: "Sign in" },
  {
    ...{ name: "url", label: "URL", type: "url", group: "Steps", required: true },
    placeholder: "https://shop.example.com/api/orders/{{order}}",
  },
  { name: "method", label: "Method", type: "select", group: "Steps", options: METHODS, default: "GET" },
  { name: "headers", label: "Headers", type: "pairs", group: "Steps", help: "Values may hold {{names}}." },
  { name: "body", label: "Body", type: "textarea", group: "Steps", placeholder: '{"user":"probe"}' },
  { name: "expect.status", label: "Status", type: "text", group: "Steps", placeholder: "200-299" },
  { name: "expect.body_contains", label: "Body contains", type: "text", group: "Steps" },
  {
    ...{ name: "take", label: "Take from the answer", type: "pairs", group: "Steps" },
    help: "A name, and where its value is: $.token, header x-csrf-token, cookie session, or /a pattern with (one group)/.",
  },
];

export const scenario = defineKind({
  id: "scenario",
  label: "Scenario of several requests",
  schema: scenarioConfig,
  form: [
    { name: "steps", label: "Steps", type: "list", group: "Steps", required: true, of: STEP },
    {
      ...{
        name: "cookies",
        label: "Keep cookies from step to step",
        type: "boolean",
        group: "Steps",
        default: true,
      },
    },
    ...latencyFields("2s", "10s"),
  ],
  docs: scenarioDocs,
  example: scenarioExample,
  secrets: secretsOf,
  host: firstHost,
  describe: ({ steps }) =>
    `${steps.length === 1 ? "One step" : `${steps.length} steps`}: ${steps.map(inWords).join(", then ")}.`,
  check: checkScenario,
});

/** What the step is called, or what it asks for. */
function inWords(step: ScenarioStep): string {
  const { method = "GET", url } = step;
  return step.name ?? `${String(method)} ${String(url).replace(/^https?:\/\/[^/]+/i, "") || "/"}`;
}
