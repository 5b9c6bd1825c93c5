import type { IncomingHttpHeaders } from "node:http";
import {
  certificateFinding,
  containsFinding,
  excludesFinding,
  type Finding,
  latencyFindings,
} from "../base/finding.ts";
import {
  headerFindings,
  patternFinding,
  redirectFinding,
  sizeFindings,
  versionFinding,
} from "./expect-answer.ts";
import { jsonFindings } from "./expect-json.ts";
import type { Plan } from "./plan.ts";
import { describeRanges, inRanges } from "./status-range.ts";

/** What an answer is judged by. */
export interface Answer {
  status: number;
  httpVersion: string | null;
  headers: IncomingHttpHeaders;
  /** Where the redirect leads, or the followed ones led; null without any. */
  ledTo: string | null;
  totalMs: number;
  /** Read only when something looks into the body. */
  text(): string;
  /** Length of the body in bytes, decompressed. */
  bytes(): number;
  /** Null for http, or when the certificate isn't looked at. */
  certificate: { leftMs: number; lifetimeMs: number } | null;
}

/** Everything the plan expects, in the order a reader asks; met and unmet alike. */
export function findings(plan: Plan, answer: Answer): Finding[] {
  return [
    statusFinding(plan, answer),
    ...(plan.answeredBy === undefined ? [] : [versionFinding(plan.answeredBy, answer.httpVersion)]),
    ...(plan.redirectsTo ? [redirectFinding(plan.redirectsTo, answer.ledTo)] : []),
    ...plan.headerExpectations.flatMap((each) => headerFindings(each, answer.headers)),
    ...plan.bodyContains.map((text) => containsFinding("body", answer.text(), text)),
    ...plan.bodyExcludes.map((text) => excludesFinding("body", answer.text(), text)),
    ...plan.bodyMatches.map((pattern) => patternFinding(pattern, answer.text(), true)),
    ...plan.bodyNotMatches.map((pattern) => patternFinding(pattern, answer.text(), false)),
    ...sizeFindings(plan.size, answer),
    ...jsonFindings(plan, answer),
    ...(answer.certificate ? [certificateFinding(answer.certificate, plan.expiresWithinMs)] : []),
    ...latencyFindings(plan, answer.totalMs),
  ];
}

function statusFinding({ statuses }: Plan, { status }: Answer): Finding {
  const wanted = describeRanges(statuses);
  return {
    what: "status",
    ok: inRanges(status, statuses),
    wanted,
    got: String(status),
    status: "down",
    reason: `[status] ${status}, wanted ${wanted}`,
    code: `status:${status}`,
  };
}
