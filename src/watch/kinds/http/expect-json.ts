import type { Finding } from "../base/finding.ts";
import { documentOf, jsonWishFindings, notJson } from "../base/json-wish.ts";
import type { Answer } from "./expect.ts";
import { type Fault, faultOf } from "./json-schema.ts";
import type { Plan } from "./plan.ts";

/** What `expect.json` and `expect.json_schema` find. */
export function jsonFindings(plan: Plan, answer: Pick<Answer, "text">): Finding[] {
  const { json, jsonSchema } = plan;
  if (json.length === 0 && !jsonSchema) return [];
  const document = documentOf(answer.text());
  if (!document) return [notJson("the body")];
  return [
    ...json.flatMap((each) => jsonWishFindings(each, document.value)),
    ...(jsonSchema ? [schemaFinding(faultOf(jsonSchema(), document.value))] : []),
  ];
}

const schemaFinding = (fault: Fault | null): Finding => ({
  what: "json schema",
  ok: fault === null,
  wanted: "fits the schema",
  got: fault?.words ?? "fits",
  status: fault?.unjudged ? "degraded" : "down",
  reason: fault?.unjudged ? `[json] the body ${fault.words}` : `[json] ${fault?.words}`,
  code: "json_schema",
});
