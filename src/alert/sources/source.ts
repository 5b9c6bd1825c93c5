import type { z } from "zod";
import type { FormField } from "../../watch/schema.ts";

/**
 * A kind of integration: what somebody else's monitoring sends, read into events. One file in this folder exports one
 * object made by `defineSource`, and `index.ts` names it. From that object come its validation in the API and in YAML,
 * its form and set-up text in the web, its try-it examples and its page in the manual.
 *
 * To add a kind, write `sources/example.ts`:
 *
 *     export const example = defineSource({
 *       kind: "example",
 *       title: "Example",
 *       docs: "One sentence: what it reads.",
 *       setup: ({ url }) => `Markdown: where to paste ${url} over there.`,
 *       settings: z.object({ ignore_test: z.boolean().default(true) }).strict(),
 *       form: [{ name: "ignore_test", label: "Ignore tests", type: "boolean", default: true }],
 *       read({ json }, settings, now) {
 *         const body = objectOf(json);
 *         if (!body?.id) return { notUnderstood: "there is no `id`" };
 *         return { events: [{ action: "trigger", dedupKey: `example:${body.id}`, title: textOf(body.title) }] };
 *       },
 *       examples: [{ name: "Fires", body: {…}, expect: […] }],   // documented payloads; a test reads each of them
 *     });
 *
 * `read` is pure: it sees the request and answers, and does nothing else. It must bear any input whatever (`fields.ts`
 * helps): what it can't read is `{ notUnderstood: why }`, which keeps the payload for people to see, raises one
 * low-urgency alert and answers 422. It needn't cut or clean texts, nor fill in defaults: that is done for every kind
 * (`integrations/events.ts`). Say `at` only when it is the source's own time of *this* event (see `SourceEvent`).
 * A kind that stands in for somebody's API declares `doors`: addresses of its own, where the key is found by `keyOf`,
 * and says by `answer` what that API would answer.
 */
export interface SourceKind<Settings = unknown> {
  /** As it stands in YAML and in the API. */
  kind: string;
  title: string;
  /** What it reads, in a sentence or two of Markdown. */
  docs: string;
  /** How to set it up over there, to copy and paste. Markdown without tables: the web draws none. */
  setup(at: SetupAt): string;
  /** Of what an integration of this kind keeps beside the common fields. Every setting needs a default. */
  settings: z.ZodType<Settings>;
  /** The fields of its settings, as a monitor kind describes its own. */
  form: readonly FormField[];
  /** Names of settings that are sealed at rest and never shown. */
  secrets?: readonly string[];
  /** `now` stands in where the payload has no time. */
  read(request: SourceRequest, settings: Settings, now: Temporal.Instant): Reading;
  /** What is answered, where the sender wants other than 202 and `{status, dedup_keys}`; undefined: that. */
  answer?(outcome: SourceOutcome, request: SourceRequest): SourceAnswer | undefined;
  /** Of `/in/{key}`: which methods it takes; POST and PUT unless given. */
  methods?: readonly ("GET" | "POST" | "PUT")[];
  doors?: readonly Door[];
  examples: readonly Example[];
}

export interface SetupAt {
  /** `https://keepwatch.example/in/<key>`; without the key when it isn't shown. */
  url: string;
  key: string;
  /** `https://keepwatch.example` */
  home: string;
}

/** A request as it came, unpacked and parsed as far as it could be. */
export interface SourceRequest {
  /** New for each request: a deduplication key for what brings none. */
  id: string;
  method: string;
  /** Of a door the route's pattern, `/v2/enqueue`; of `/in/{key}/rest` what follows the key, `/rest` or empty. */
  path: string;
  params: Readonly<Record<string, string>>;
  /** Names in small letters. */
  headers: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  contentType: string;
  bytes: Buffer;
  text: string;
  /** The body as JSON when it is that; undefined otherwise. */
  json: unknown;
  /** The fields of a form, when it is one. */
  form: Readonly<Record<string, string>> | undefined;
}

/** What a payload says. Both lists may be empty (a test, a greeting): understood, and nothing to do. */
export type Reading =
  | {
      events?: readonly SourceEvent[];
      changes?: readonly SourceChange[];
      /** What of it was left aside, and why; it is shown beside the payload. */
      note?: string;
    }
  /** Nobody can make sense of it: kept, shown, and one alert says so. */
  | { notUnderstood: string }
  /** The sender broke the rules of its own API: kept and shown, no alert. Each error is one sentence. */
  | { refused: readonly string[] };

interface Said {
  /** What the problem is called over there; 255 characters at most are kept apart, longer ones by their hash. */
  dedupKey: string;
  /**
   * The source's own time of this event, growing from event to event of a key. An event that is older than what the
   * source already said of that key changes nothing. Leave it out when the payload has none, or when it is only the
   * time at which the problem began: then the order of arrival counts.
   */
  at?: string | undefined;
}

export type SourceEvent =
  | (Said & {
      action: "trigger";
      title: string;
      /** The first line anyone reads beneath the title. */
      reason?: string | undefined;
      /** The kind of failure, the same each time it comes back: `alertname`, a rule's name. */
      cause?: string | undefined;
      /** A word of theirs (`critical`, `P1`, `4`) or SEV1–SEV5. What a word means can be set on the integration. */
      severity?: string | undefined;
      urgency?: "high" | "low" | undefined;
      labels?: Readonly<Record<string, unknown>> | undefined;
      /** RFC 3339. When the problem began, as far as they know. */
      startedAt?: string | undefined;
      /** A slug of ours that the payload names; the integration's own service when there is none of that slug. */
      service?: string | undefined;
      links?: readonly SourceLink[] | undefined;
      images?: readonly SourceImage[] | undefined;
      /** Whatever else helps who is paged; shown as it is. */
      details?: unknown;
    })
  | (Said & { action: "acknowledge" | "resolve"; reason?: string | undefined });

export interface SourceLink {
  href: string;
  text: string;
}

export interface SourceImage {
  src: string;
  href?: string | undefined;
  alt?: string | undefined;
}

/** A deploy, a flag, a migration: kept for 90 days and shown beside incidents. */
export interface SourceChange {
  summary: string;
  source?: string | undefined;
  /** RFC 3339. */
  at?: string | undefined;
  service?: string | undefined;
  links?: readonly SourceLink[] | undefined;
  details?: unknown;
}

/** What became of a request, when it is answered. Everything that was taken in is on disk by then. */
export type SourceOutcome =
  | { kind: "taken"; events: readonly SourceEvent[]; changes: readonly SourceChange[] }
  | { kind: "refused"; errors: readonly string[] }
  | { kind: "not_understood"; why: string }
  | { kind: "malformed"; why: string }
  | { kind: "too_large" }
  | { kind: "no_key" }
  /** There is no integration with that key. */
  | { kind: "wrong_key"; key: string }
  | { kind: "too_many"; retryAfterS: number };

export interface SourceAnswer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is text. */
  body: unknown;
}

/** An address that a kind serves beside `/in/{key}`. Whatever the integration's own kind, its door reads the request. */
export interface Door {
  method: "POST" | "PUT" | "PATCH" | "DELETE" | "GET";
  url: string;
  /** Where the sender puts the key. */
  keyOf(request: SourceRequest): string | undefined;
}

/** A payload as its sender documents it, and what it must become. */
export interface Example {
  name: string;
  /** An object is sent as JSON, text as it is. */
  body: unknown;
  /** The door it comes by; `/in/{key}` unless given. */
  path?: string;
  method?: string;
  contentType?: string;
  headers?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string>>;
  settings?: Readonly<Record<string, unknown>>;
  /** Each event with what must be in it, in order; an empty list: understood, and nothing to do. */
  expect: readonly ExpectedEvent[];
  /** How many changes it tells of. */
  changes?: number;
}

export type ExpectedEvent = { action: SourceEvent["action"]; dedupKey: string } & Readonly<
  Record<string, unknown>
>;

/** Settings as stored: each kind checks them with its own schema. */
export interface AnySource extends Omit<SourceKind, "settings" | "read"> {
  parse(settings: unknown): z.ZodSafeParseResult<Record<string, unknown>>;
  read(request: SourceRequest, settings: Readonly<Record<string, unknown>>, now: Temporal.Instant): Reading;
  secrets: readonly string[];
}

/** Makes a kind; the type of its settings follows from their schema. */
export function defineSource<Settings extends Record<string, unknown>>(
  source: SourceKind<Settings>,
): AnySource {
  const { settings: schema, read, ...rest } = source;
  return {
    secrets: [],
    ...rest,
    parse: (settings) => schema.safeParse(settings),
    read: (request, settings, now) => read(request, schema.parse(settings), now),
  };
}
