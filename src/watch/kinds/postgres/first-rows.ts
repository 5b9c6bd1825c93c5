import type { Connection, Submittable } from "pg";
import { MOST_ROWS, type SqlResult } from "../sql/result.ts";

/**
 * A query that reads at most `MOST_ROWS` rows: the extended protocol's Execute message carries that limit, so the
 * server stops there ("portal suspended") and, told by the Sync that follows at once, forgets the rest. Unlike a
 * `limit` or `declare cursor` around the text this works for every statement (`show`, `explain`, `with …`), and the
 * extended protocol takes one statement only, so nothing can follow a `commit`. pg calls the `handle…` methods.
 */
export class FirstRows implements Submittable {
  readonly result: Promise<SqlResult>;
  readonly #resolve: (result: SqlResult) => void;
  readonly #reject: (why: unknown) => void;
  readonly #text: string;
  #rows = 0;
  #first: string | null | undefined;

  constructor(text: string) {
    const { promise, resolve, reject } = Promise.withResolvers<SqlResult>();
    this.result = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#text = text;
    promise.catch(() => {});
  }

  submit(connection: Connection): void {
    const { stream } = connection;
    stream.cork();
    connection.parse({ name: "", text: this.#text, types: [] }, false);
    connection.bind({}, false);
    connection.describe({ type: "P" }, false);
    connection.execute({ rows: String(MOST_ROWS) }, false);
    connection.sync();
    stream.uncork();
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    if (this.#rows === 0) this.#first = fields[0];
    this.#rows += 1;
  }

  handleError(why: unknown): void {
    this.#reject(why);
  }

  handleReadyForQuery(): void {
    this.#resolve({ rows: this.#rows, first: this.#first });
  }

  handleCopyInResponse(connection: { sendCopyFail(why: string): void }): void {
    connection.sendCopyFail("a monitor has nothing to copy in");
  }

  handleRowDescription(): void {}
  handlePortalSuspended(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handleCopyData(): void {}
}
