import type { By } from "../org/actor.ts";
import type { ManagedBy } from "../org/table.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import type { Platform } from "../platform/platform.ts";
import type { Section as SectionName } from "./document.ts";

/** An entry in its canonical form: every default filled in, so that equal things look equal. Plain JSON. */
export type Entry = Record<string, unknown>;

/** Stands in canonical form for a secret's plain value: compared, never printed. */
export interface SecretValue {
  $secret: string;
}

export const isSecret = (value: unknown): value is SecretValue =>
  typeof value === "object" && value !== null && "$secret" in value;

export interface StoredEntry {
  key: string;
  entry: Entry;
  managedBy: ManagedBy;
  /** Of its parts, those that were made by hand: contact methods by slug, overrides by what they do. */
  handmade?: readonly string[];
}

export interface SectionContext {
  platform: Platform;
  at: Temporal.Instant;
}

/** What a document wants, and what is there of that which the document speaks of. */
export interface Settled {
  entry: Entry;
  before: Entry | undefined;
}

/** How one kind of object is read as configuration, and changed by it. */
export interface ConfigSection {
  name: SectionName;
  /** What is there, in canonical form, in order of its key. */
  read(db: DbOrTx, context: SectionContext): Promise<StoredEntry[]>;
  /** The canonical form of a written entry. Throws a `Refusal` whose pointers are relative to the entry. */
  normalise(entry: Entry): Entry;
  /**
   * Fills in what the document leaves open with what is there or the default, and takes out of the comparison what
   * it leaves to others: what was made by hand and is not named, what is over.
   */
  settle?(entry: Entry, stored: StoredEntry | undefined, context: SectionContext): Settled;
  /** Keys in the same section that must be there before this entry is. */
  after?(entry: Entry): readonly string[];
  /** The canonical form with what is default left out, as `export` writes it. */
  brief(entry: Entry): Entry;
  create(tx: Tx, by: By, entry: Entry): Promise<void>;
  update(tx: Tx, by: By, change: { entry: Entry; before: Entry }): Promise<void>;
  remove(tx: Tx, by: By, key: string): Promise<void>;
}

/** Leaves out the keys whose value is the default. */
export function withoutDefaults(entry: Entry, defaults: Entry): Entry {
  return Object.fromEntries(
    Object.entries(entry).filter(
      ([key, value]) => !(key in defaults) || JSON.stringify(value) !== JSON.stringify(defaults[key]),
    ),
  );
}
