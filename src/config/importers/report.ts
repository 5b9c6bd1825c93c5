import type { z } from "zod";
import type { document } from "../document.ts";

export type ImportedDocument = z.input<typeof document>;

/** Something of the source that Keepwatch has no place for, or has otherwise. `path` is a JSON pointer into the export. */
export interface NotMapped {
  path: string;
  what: string;
  proposal: string;
}

/** A stretch in which the same people are on call; nobody is a stretch too. Addresses in lower case, sorted. */
export interface OnCallStretch {
  from: string;
  to: string;
  users: string[];
}

/** An imported schedule and who the source itself says is on call, reckoned from the source's rules alone. */
export interface ImportedSchedule {
  slug: string;
  path: string;
  time_zone: string;
  sourceShifts: (span: { from: Temporal.Instant; to: Temporal.Instant }) => OnCallStretch[];
}

export interface Imported {
  document: ImportedDocument;
  notMapped: NotMapped[];
  schedules: ImportedSchedule[];
}
