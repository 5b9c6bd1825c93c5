import { firstText, linkOf, listOf, objectOf, textOf } from "./fields.ts";
import type { Example, Reading, SourceAnswer, SourceOutcome, SourceRequest } from "./source.ts";

/** PagerDuty's older door (https://developer.pagerduty.com/docs/events-api-v1/overview/), which much still uses. */
export const CREATE_EVENT = "/generic/2010-04-15/create_event.json";

const ACTIONS = ["trigger", "acknowledge", "resolve"] as const;

export const isV1 = ({ path, json }: SourceRequest): boolean =>
  path === CREATE_EVENT || (!path.startsWith("/v2/") && objectOf(json)?.event_type !== undefined);

export function readV1({ json, id }: SourceRequest): Reading {
  const body = objectOf(json);
  if (!body) return { refused: ["JSON parse error"] };
  const action = ACTIONS.find((each) => each === body.event_type);
  const wrong: string[] = [];
  if (!action) wrong.push("Event type is missing or invalid");
  const given = textOf(body.incident_key);
  if (action && action !== "trigger" && !given) wrong.push("Incident key is missing");
  const title = firstText(body.description);
  if (action === "trigger" && !title) wrong.push("Description is missing");
  if (!action || wrong.length > 0) return { refused: wrong };
  const dedupKey = given || id.replaceAll("-", "");
  if (action !== "trigger") return { events: [{ action, dedupKey, reason: title || undefined }] };
  const contexts = listOf(body.contexts).map(objectOf);
  return {
    events: [
      {
        ...{ action, dedupKey, title },
        severity: "error",
        reason: firstText(body.client),
        links: [
          ...contexts.flatMap((each) => linkOf(each?.href, firstText(each?.text, "Link"))),
          ...linkOf(body.client_url, firstText(body.client, "Open there")),
        ],
        details: body.details,
      },
    ],
  };
}

/** How either version says that it takes an event as it is not. */
export const invalidEvent = (errors: readonly string[]): SourceAnswer => ({
  status: 400,
  body: { status: "invalid event", message: "Event object is invalid", errors },
});

export function v1Answer(outcome: SourceOutcome): SourceAnswer {
  switch (outcome.kind) {
    case "taken":
      return {
        status: 200,
        body: {
          ...{ status: "success", message: "Event processed" },
          incident_key: outcome.events[0]?.dedupKey ?? "",
        },
      };
    case "refused":
      return invalidEvent(outcome.errors);
    case "not_understood":
    case "malformed":
      return invalidEvent([outcome.why]);
    case "no_key":
      return invalidEvent(["Service key is missing"]);
    case "wrong_key":
      return invalidEvent(["Service key is invalid"]);
    case "too_large":
      return { status: 413, body: { status: "invalid event", message: "Event is larger than 512 KB" } };
    case "too_many":
      // This API says 403 where others say 429.
      return {
        status: 403,
        body: {
          status: "throttle exceeded",
          message: "API calls are arriving too quickly. Please retry later.",
        },
      };
  }
}

export const v1Example: Example = {
  name: "Events API v1",
  path: CREATE_EVENT,
  body: {
    service_key: "e93facc04764012d7bfb002500d5d1a6",
    event_type: "trigger",
    incident_key: "srv01/HTTP",
    description: "FAILURE for production/HTTP on machine srv01.acme.com",
    client: "Sample Monitoring Service",
    client_url: "https://monitoring.service.com",
    details: { "ping time": "1500ms", "load avg": 0.75 },
    contexts: [{ type: "link", href: "http://acme.pagerduty.com", text: "View the incident" }],
  },
  expect: [
    {
      action: "trigger",
      dedupKey: "srv01/HTTP",
      title: "FAILURE for production/HTTP on machine srv01.acme.com",
    },
  ],
};
