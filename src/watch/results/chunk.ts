import type { MonitorStatus } from "../schema.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";

/** The phases of a check in the order in which they are kept; each in ms, null where it did not happen. */
export const PHASES = ["dns", "connect", "tls", "first_byte", "transfer", "total"] as const;
export type Phases = Record<(typeof PHASES)[number], number | null>;

/** In the order of their numbers in what is stored. */
export const STATUSES = ["up", "degraded", "down", "unknown"] as const satisfies readonly MonitorStatus[];

/** What is kept of one check. */
export interface StoredCheck extends Phases {
  /** Epoch ms. */
  at: number;
  status: MonitorStatus;
  /** Why it was not up; null when it was. */
  reason: string | null;
}

/** Longer times than this are kept as this, in hundredths of a millisecond. */
const LONGEST = 2 ** 40;
const VERSION = 1;

/**
 * The checks of one monitor in one stretch (an hour), in the order of time: some 12 bytes each. Times are kept to the
 * millisecond, phases to a hundredth of one.
 * Layout: version, start (epoch ms), distinct reasons, then for each check the ms since the one before, a byte of
 * status (2 bits) and present phases (6 bits), the phases, and for one that is not up the number of its reason (0: none).
 */
export function packChecks(startMs: number, checks: readonly StoredCheck[]): Buffer {
  const writer = new ByteWriter();
  const reasons = [
    ...new Set(checks.flatMap(({ status, reason }) => (status !== "up" && reason ? [reason] : []))),
  ];
  writer.byte(VERSION);
  writer.unsigned(startMs);
  writer.unsigned(reasons.length);
  for (const reason of reasons) writer.text(reason);
  let before = startMs;
  for (const check of checks.toSorted((a, b) => a.at - b.at)) {
    writer.signed(check.at - before);
    before = check.at;
    const present = PHASES.reduce(
      (bits, phase, index) => (check[phase] === null ? bits : bits | (1 << index)),
      0,
    );
    writer.byte(STATUSES.indexOf(check.status) | (present << 2));
    for (const phase of PHASES) {
      const ms = check[phase];
      if (ms !== null) writer.unsigned(Math.min(LONGEST, Math.max(0, Math.round(ms * 100))));
    }
    if (check.status !== "up") writer.unsigned(check.reason ? reasons.indexOf(check.reason) + 1 : 0);
  }
  return writer.done();
}

/** The other way round. Throws a RangeError for bytes that are no such chunk. */
export function unpackChecks(bytes: Uint8Array): StoredCheck[] {
  const reader = new ByteReader(bytes);
  const version = reader.byte();
  if (version !== VERSION) throw new RangeError(`packed results of an unknown version ${version}`);
  let at = reader.unsigned();
  const reasons = Array.from({ length: reader.unsigned() }, () => reader.text());
  const checks: StoredCheck[] = [];
  while (!reader.atEnd) {
    at += reader.signed();
    const flags = reader.byte();
    const status = STATUSES[flags & 0b11] ?? "unknown";
    const check: StoredCheck = { at, status, reason: null, ...NO_PHASES };
    PHASES.forEach((phase, index) => {
      if (flags & (4 << index)) check[phase] = reader.unsigned() / 100;
    });
    if (status !== "up") check.reason = reasons[reader.unsigned() - 1] ?? null;
    checks.push(check);
  }
  return checks;
}

const NO_PHASES: Phases = {
  dns: null,
  connect: null,
  tls: null,
  first_byte: null,
  transfer: null,
  total: null,
};
