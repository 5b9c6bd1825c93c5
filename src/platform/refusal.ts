/** Why a request is refused, and the HTTP status each reason answers with. */
export const REFUSAL_STATUS = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  conflict: 409,
  gone: 410,
  invalid: 422,
  too_many: 429,
  unavailable: 503,
} as const;

export type RefusalCode = keyof typeof REFUSAL_STATUS;

/** One thing wrong with the input: where (JSON pointer) and, in words, what and how to mend it. */
export interface Problem {
  pointer: string;
  detail: string;
}

/**
 * An expected "no": the caller can mend it. Everything else that is thrown is a bug and answers 500.
 * The message says what is wrong and what to do about it.
 */
export class Refusal extends Error {
  override readonly name = "Refusal" as const;
  readonly code: RefusalCode;
  readonly problems: readonly Problem[];

  constructor(
    code: RefusalCode,
    message: string,
    options: { problems?: readonly Problem[]; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.problems = options.problems ?? [];
  }
}

/** A refusal of one field. `pointer` is a JSON pointer into the request's body, e.g. `/time_zone`. */
export const invalid = (pointer: string, detail: string): Refusal =>
  new Refusal("invalid", detail, { problems: [{ pointer, detail }] });

export const missing = (what: string): Refusal => new Refusal("missing", `There is no ${what}.`);
