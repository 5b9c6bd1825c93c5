import type { SecureContext } from "node:tls";
import type { z } from "zod";
import type { AddressGuard } from "../../platform/net/address-guard.ts";
import type { Resolve } from "../../platform/net/resolver.ts";
import type { Check, Evidence } from "../schema.ts";

export type { Evidence };
export type Status = Check["status"];
/** Phases of one check in ms; null where a phase did not happen. */
export type Timings = Check["timings"];
/** One thing looked at, in words: what was wanted and what came. */
export type Expectation = NonNullable<Evidence["expectations"]>[number];

/** What one check found. Field names are those of the HTTP contract. */
export interface CheckResult {
  status: Status;
  /** The first line anyone reads: `[status] 502, wanted 200–299`. */
  reason: string;
  /** The failure's code for the fingerprint: `status:502`, `timeout:connect`, `dns:ENOTFOUND`, …; `ok` when up. */
  cause: string;
  timings: Timings;
  /** Null when all is well and nobody asked for it. */
  evidence: Evidence | null;
  /** The target itself said no: refused, reset, no such name, wrong answer. Not a matter of patience. */
  hard: boolean;
}

export const NO_TIMINGS: Timings = {
  dns: null,
  connect: null,
  tls: null,
  first_byte: null,
  transfer: null,
  total: null,
};

/** What a check may use of the world. Made by the prober once per worker, but for the last three. */
export interface CheckContext {
  resolve: Resolve;
  guard: AddressGuard;
  /** Shared by all checks: making one per handshake costs more than the handshake. */
  secureContext: SecureContext;
  /** Milliseconds that never jump. */
  monotonicMs(): number;
  /** Epoch milliseconds, for what a certificate has left. */
  wallMs(): number;
  /** The check's own hard deadline. */
  timeoutMs: number;
  /** Evidence also when all is well, for a check somebody watches. */
  verbose: boolean;
}

interface FieldBasics {
  /** Where in the configuration, with dots: `expect.status`. */
  name: string;
  label: string;
  help?: string;
  /** Fields of one group stand together; groups in the order they first appear. */
  group: string;
  required?: boolean;
  placeholder?: string;
}

/**
 * One field of a kind's form. `list` repeats the fields of `of`; `pairs` is a map of text to text; `texts` is one
 * text or several; `monitors` are slugs of monitors; a `scalar` is written as text and read as a number, true, false or null where it is one.
 */
export type FormField = FieldBasics &
  (
    | { type: "text" | "url" | "textarea" | "duration" | "secret"; default?: string }
    | { type: "number"; default?: number; min?: number; max?: number }
    | { type: "boolean"; default?: boolean }
    | { type: "select"; default?: string; options: readonly string[] }
    | { type: "pairs" | "scalar" | "texts" | "monitors" }
    | { type: "list"; of: readonly FormField[] }
  );

/**
 * All that Keepwatch knows of a way to check: its API validation, its YAML, its form, its page in the manual and
 * the check itself. `Config` is the stored configuration, keys and values exactly as in the YAML.
 */
export interface MonitorKind<Config = unknown, Id extends string = string> {
  readonly id: Id;
  readonly label: string;
  /** False for a kind that waits to be told instead of going to look: there is nothing to try or to check now. */
  readonly probed?: boolean;
  /** Strict: unknown keys are errors. Fills in no defaults, so what is stored is what was written. */
  readonly schema: z.ZodType<Config>;
  readonly form: readonly FormField[];
  /** Markdown for the manual. Its first sentence stands beside the label where a kind is chosen. */
  readonly docs: string;
  /** A monitor of this kind in YAML. */
  readonly example: string;
  /** JSON pointers of the secret values in this configuration: sealed at rest, left out of answers and exports. */
  secrets(config: Config): readonly string[];
  /** Whom the checks burden; at most a few run against one host at a time. */
  host(config: Config): string;
  /** The configuration as one readable sentence. */
  describe(config: Config): string;
  /** Never throws for what the target does, and ends by `timeoutMs` of the context by itself. */
  check(config: Config, context: CheckContext): Promise<CheckResult>;
}

/** Gives a kind its types; a kind is one file that exports one object made by this. */
export const defineKind = <Config, const Id extends string>(
  kind: MonitorKind<Config, Id>,
): MonitorKind<Config, Id> => kind;
