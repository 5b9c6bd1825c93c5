// biome-ignore-all lint/a11y/useSemanticElements: a grid whose rows can be virtual is not a <table>
import { memo } from "react";
import { cn } from "../lib/cn.ts";
import { useWalkable } from "./walkable.ts";

export interface Column<T> {
  id: string;
  header: React.ReactNode;
  cell: (row: T) => React.ReactNode;
  /** A CSS grid track: "minmax(0,2fr)", "96px". */
  width: string;
  /** Its track on phones, where that differs. */
  phoneWidth?: string;
  align?: "right";
  /** Where it disappears: on phones, or already on small screens. */
  hide?: "phone" | "tablet";
}

const hidden = { phone: "max-sm:hidden", tablet: "max-md:hidden" } as const;
const columnClass = <T,>(column: Column<T>): string =>
  cn("min-w-0", column.align === "right" && "text-right num", column.hide && hidden[column.hide]);

/** Grid tracks for each screen width, as CSS variables: a hidden column takes no track. */
export function gridVars<T>(columns: readonly Column<T>[]): React.CSSProperties {
  const tracks = (keep: (column: Column<T>) => boolean) =>
    columns
      .filter(keep)
      .map((column) => column.width)
      .join(" ");
  const onPhone = columns
    .filter((column) => column.hide === undefined)
    .map((column) => column.phoneWidth ?? column.width);
  return {
    "--cols-phone": onPhone.join(" "),
    "--cols-tablet": tracks((column) => column.hide !== "tablet"),
    "--cols": tracks(() => true),
  } as React.CSSProperties;
}

export const gridClass =
  "grid items-center gap-x-4 px-4 [grid-template-columns:var(--cols-phone)] sm:px-5 sm:[grid-template-columns:var(--cols-tablet)] md:[grid-template-columns:var(--cols)]";

export function HeaderRow<T>({ columns, className }: { columns: readonly Column<T>[]; className?: string }) {
  return (
    <div
      role="row"
      tabIndex={-1}
      className={cn(
        gridClass,
        "h-9 border-b border-line text-xs font-medium text-faint max-sm:hidden",
        className,
      )}
    >
      {columns.map((column) => (
        <div key={column.id} role="columnheader" tabIndex={-1} className={columnClass(column)}>
          {column.header}
        </div>
      ))}
    </div>
  );
}

export interface RowProps<T> {
  row: T;
  columns: readonly Column<T>[];
  onOpen?: (row: T) => void;
  selected?: boolean;
  first?: boolean;
  /** Its place in a virtual table. */
  index?: number;
  className?: string;
}

/** A row that opens with click, Enter or Space, and takes the focus when walked to. */
function PlainRow<T>({ row, columns, onOpen, selected, first, index, className }: RowProps<T>) {
  const open = onOpen === undefined ? undefined : () => onOpen(row);
  return (
    <div
      role="row"
      data-row
      data-index={index}
      aria-rowindex={index === undefined ? undefined : index + 2}
      tabIndex={first || selected ? 0 : -1}
      aria-selected={selected}
      onClick={(event) => {
        // A link, button or box inside the row does its own thing.
        if ((event.target as Element).closest("a,button,input,label") === null) open?.();
      }}
      onKeyDown={(event) => {
        if (event.target === event.currentTarget && (event.key === "Enter" || event.key === " ")) {
          event.preventDefault();
          open?.();
        }
      }}
      className={cn(
        gridClass,
        "min-h-(--row-h) border-b py-1 border-line text-sm last:border-b-0 focus-visible:-outline-offset-2",
        open && "cursor-pointer hover:bg-hover",
        selected && "bg-brand-soft hover:bg-brand-soft",
        className,
      )}
    >
      {columns.map((column) => (
        <div key={column.id} role="gridcell" tabIndex={-1} className={columnClass(column)}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

/** The row, drawn again only when something about it changes: keep `columns` and `onOpen` the same from render to render. */
export const Row = memo(PlainRow) as typeof PlainRow;

/** A table for up to a few hundred rows. Arrows walk it, Enter opens a row. */
export function Table<T>({
  label,
  columns,
  rows,
  keyOf,
  onOpen,
  selected,
}: {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  onOpen?: (row: T) => void;
  selected?: string;
}) {
  const walk = useWalkable();
  return (
    <div role="grid" aria-label={label} aria-rowcount={rows.length + 1} {...walk} style={gridVars(columns)}>
      <HeaderRow columns={columns} />
      {rows.map((row, index) => (
        <Row
          key={keyOf(row)}
          row={row}
          columns={columns}
          onOpen={onOpen}
          selected={selected === undefined ? undefined : selected === keyOf(row)}
          first={index === 0}
        />
      ))}
    </div>
  );
}
