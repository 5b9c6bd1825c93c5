/**
 * Why Keepwatch can't start, for the person at the terminal. `message` says what is wrong, `mend` what to do
 * about it; both are whole sentences. Whoever catches it prints the two and no stack.
 */
export class StartError extends Error {
  override readonly name = "StartError" as const;
  readonly mend: string;

  constructor(message: string, mend: string, options?: ErrorOptions) {
    super(message, options);
    this.mend = mend;
  }
}
