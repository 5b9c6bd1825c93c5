import type { ColumnType } from "kysely";

/**
 * Every table's row type. Each folder declares its own tables beside its SQL by augmenting this interface
 * (`declare module ".../tables.ts" { interface Tables { … } }`), so that this folder knows none of them.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface Tables {}

/** A column that the database fills when it is not given. */
export type Defaulted<T> = ColumnType<T, T | undefined, T>;

/** A jsonb column: read as a value, written as `json(value)`. */
export type Json<T> = ColumnType<T, JsonText, JsonText>;
export type JsonDefaulted<T> = ColumnType<T, JsonText | undefined, JsonText>;
export type JsonOrNull<T> = ColumnType<T | null, JsonText | null | undefined, JsonText | null>;

declare const jsonText: unique symbol;
/** A value already serialised for a jsonb column: the driver would turn a bare array into a PostgreSQL array. */
export type JsonText = string & { readonly [jsonText]: true };

export const json = (value: unknown): JsonText => JSON.stringify(value) as JsonText;

/** An instant with a time zone column. */
export type At = Temporal.Instant;
