/**
 * The backup's format, version 1: gzip over lines of UTF-8. The first line is the header, then for each table a line
 * `{"table": name}` followed by a line of JSON per row (column name → value), and at the end `{"end": true, "rows": n}`.
 * The line of a partitioned table also lists its partitions.
 * Columns are named, so it depends neither on PostgreSQL's version nor on the order of columns.
 */
export const FORMAT = 1;

export interface BackupHeader {
  keepwatch: "backup";
  format: number;
  /** Keepwatch's own version that wrote it. */
  version: string;
  /** The highest migration the tables had. */
  schema: number;
  made_at: string;
  /** The key for secrets at rest, if Keepwatch made it itself; whoever set KEEPWATCH_SECRET keeps it themselves. */
  secret?: string;
}

/** A piece of a partitioned table; `bound` as PostgreSQL writes it: FOR VALUES FROM (…) TO (…). */
export interface Partition {
  name: string;
  bound: string;
}

/** Not in a backup: the schema's own record (made again by migrating), and what is only about running processes. */
export const LEFT_OUT: readonly string[] = ["schema_migrations", "auth_sessions"];
