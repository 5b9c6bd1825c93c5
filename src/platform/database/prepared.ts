/** Statements seen this often are worth a plan of their own in every session. */
const WORTH_USES = 5;
/** Each costs every session of the pool some kilobytes. */
const MOST_NAMES = 120;
/** What is looked at to find them; the rest are one-offs (rows of a batch, lists of ids). */
const MOST_SEEN = 2_000;
const LONGEST_TEXT = 4_000;

/** PostgreSQL's words when the columns of a prepared statement changed under it; SQLSTATE 0A000 stands for much else. */
const CHANGED = "cached plan must not change result type";

/**
 * Names for the statements that are run again and again, so that PostgreSQL parses and plans them once per session:
 * that is most of what a small query takes. A statement keeps its name in every session.
 */
export class PreparedNames {
  #uses = new Map<string, number>();
  #names = new Map<string, string>();
  #last = 0;

  /** The name to prepare `text` under; undefined for one that is not worth it. */
  nameFor(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    if (this.#names.size >= MOST_NAMES || text.length > LONGEST_TEXT) return undefined;
    const uses = (this.#uses.get(text) ?? 0) + 1;
    if (uses < WORTH_USES) {
      if (this.#uses.size >= MOST_SEEN) this.#uses.clear();
      this.#uses.set(text, uses);
      return undefined;
    }
    this.#uses.delete(text);
    const name = `keepwatch_${++this.#last}`;
    this.#names.set(text, name);
    return name;
  }

  /** A newer program changed the tables: what was prepared is prepared again, under another name. */
  forget(text: string): void {
    this.#names.delete(text);
  }
}

/** Whether a statement failed because its tables changed since it was prepared; run again, it works. */
export const isPlanOutdated = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "0A000" && error.message.includes(CHANGED);
