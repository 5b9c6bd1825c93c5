import { humanDuration } from "../../../platform/duration.ts";
import { spell } from "../base/finding.ts";
import { redactUrl } from "../base/redact.ts";
import type { HttpConfig } from "./config.ts";
import { type Plan, planOf } from "./plan.ts";
import { describeRanges } from "./status-range.ts";

const LONGEST_QUOTE = 60;
const quote = (text: string): string =>
  `“${text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text}”`;
const all = (texts: readonly string[]): string => texts.map(quote).join(", ");

const sources = (patterns: readonly RegExp[]): string => all(patterns.map(({ source }) => source));
const headerNames = ({ headerExpectations }: Plan): string =>
  [...new Set(headerExpectations.map(({ expectation }) => expectation.name))].join(", ");
const sizeWords = ({ min, max }: Plan["size"]): string =>
  max === undefined ? `${min} bytes or more` : `${min === undefined ? "at most" : `${min} to`} ${max} bytes`;

/** `GET https://shop.test/ answers 200–299 with “Add to basket” in under 800 ms.` */
export function describeHttp(config: HttpConfig): string {
  const plan = planOf(config);
  const parts = [`${plan.method} ${redactUrl(config.url)} answers ${describeRanges(plan.statuses)}`];
  if (plan.bodyContains.length > 0) parts.push(`with ${all(plan.bodyContains)}`);
  if (plan.bodyExcludes.length > 0) parts.push(`without ${all(plan.bodyExcludes)}`);
  if (plan.bodyMatches.length > 0) parts.push(`matching ${sources(plan.bodyMatches)}`);
  if (plan.bodyNotMatches.length > 0) parts.push(`not matching ${sources(plan.bodyNotMatches)}`);
  if (plan.answeredBy !== undefined) parts.push(`by HTTP/${plan.answeredBy}`);
  if (plan.redirectsTo) parts.push(`leading to ${redactUrl(plan.redirectsTo.href)}`);
  if (plan.headerExpectations.length > 0) parts.push(`with ${headerNames(plan)} as expected`);
  if (config.expect?.size) parts.push(`with a body of ${sizeWords(plan.size)}`);
  if (plan.json.length > 0)
    parts.push(
      `with ${[...new Set(plan.json.map(({ expectation }) => expectation.path))].join(", ")} as expected`,
    );
  if (plan.jsonSchema) parts.push("with JSON that fits its schema");
  const limitMs = plan.latencyMs ?? plan.latencyDownMs;
  if (limitMs !== undefined) parts.push(`in under ${spell(limitMs)}`);
  const sentence = `${parts.join(" ")}.`;
  const notes = [
    plan.proxy ? `Through the proxy ${plan.proxy.host}.` : "",
    plan.family ? `Over IPv${plan.family}.` : "",
    config.tls?.certificate === undefined ? "" : "With a client certificate.",
    config.tls?.verify === false ? "Any certificate will do." : "",
    plan.expiresWithinMs === undefined
      ? ""
      : `The certificate is good for ${humanDuration(plan.expiresWithinMs)} or more.`,
  ];
  return [sentence, ...notes].filter(Boolean).join(" ");
}
