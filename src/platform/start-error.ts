/** A reason not to start, in plain words, and what the operator can do about it. Printed without a stack. */
export class StartError extends Error {
  override readonly name = "StartError" as const;
  readonly mend: string;

  constructor(message: string, mend: string, options: { cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.mend = mend;
  }
}
