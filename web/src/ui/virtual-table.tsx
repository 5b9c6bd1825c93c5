// biome-ignore-all lint/a11y/useSemanticElements: a grid whose rows can be virtual is not a <table>
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "react";
import { cn } from "../lib/cn.ts";
import { type Column, gridVars, HeaderRow, Row } from "./table.tsx";
import { nextIndex } from "./walkable.ts";

interface VirtualTableProps<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  /** Height of every row in px. */
  rowHeight: number;
  onOpen?: (row: T) => void;
  selected?: string;
  /** Called when the last loaded rows come near; load more. */
  onNearEnd?: () => void;
  /** What a row belongs to; a heading stands above the first row of each. Rows come in this order. */
  groupOf?: (row: T) => string;
  /** Which rows are on screen now; for asking about just those. */
  onVisible?: (rows: readonly T[]) => void;
}

/** Height of a group's heading in px. */
const HEADING = 40;

/** A table of any length that scrolls with the page; only the rows in sight are in the document. */
export function VirtualTable<T>(props: VirtualTableProps<T>) {
  const { rows, columns, keyOf, rowHeight, onNearEnd, onVisible } = props;
  const ref = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useLayoutEffect(() => {
    if (ref.current !== null) setTop(ref.current.getBoundingClientRect().top + window.scrollY);
  }, []);
  const { groupOf } = props;
  const heading = (index: number): string | undefined => {
    const group = groupOf?.(rows[index] as T);
    return index > 0 && groupOf?.(rows[index - 1] as T) === group ? undefined : group;
  };
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (index) => rowHeight + (heading(index) === undefined ? 0 : HEADING),
    overscan: 12,
    scrollMargin: top,
    getItemKey: (index) => keyOf(rows[index] as T),
  });
  const items = virtual.getVirtualItems();
  const firstSeen = items[0]?.index ?? 0;
  const lastSeen = items.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew when the density or the groups change the heights
  useEffect(() => virtual.measure(), [rowHeight, groupOf, rows]);
  useEffect(() => {
    if (rows.length > 0 && lastSeen >= rows.length - 20) onNearEnd?.();
    onVisible?.(rows.slice(firstSeen, lastSeen + 1));
  }, [rows, firstSeen, lastSeen, onNearEnd, onVisible]);

  // Keys can come faster than rows are drawn: where the walk is going counts, not where the focus still is.
  const walkingTo = useRef<number | null>(null);
  useEffect(() => {
    if (walkingTo.current === null) return;
    const row = ref.current?.querySelector<HTMLElement>(`[data-index="${walkingTo.current}"]`);
    if (!row) return;
    row.focus({ preventScroll: true });
    walkingTo.current = null;
  });
  const onKeyDown = (event: React.KeyboardEvent) => {
    const row = (event.target as Element).closest<HTMLElement>("[data-row]");
    if (row === null || event.target !== row) return;
    const from = walkingTo.current ?? Number(row.getAttribute("data-index"));
    const next = nextIndex(event.key, from, rows.length);
    if (next < 0) return;
    event.preventDefault();
    walkingTo.current = next;
    virtual.scrollToIndex(next);
    redraw();
  };

  return (
    <div
      role="grid"
      aria-label={props.label}
      aria-rowcount={rows.length + 1}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      style={gridVars(columns)}
    >
      <HeaderRow columns={columns} className="sticky top-(--header-h) z-10 rounded-t-lg bg-surface" />
      <div ref={ref} className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index] as T;
          const group = heading(item.index);
          return (
            <div
              key={item.key}
              role="presentation"
              className="absolute inset-x-0 top-0 grid"
              style={{
                height: item.size,
                gridTemplateRows: group === undefined ? undefined : `${HEADING}px minmax(0, 1fr)`,
                transform: `translateY(${item.start - top}px)`,
              }}
            >
              {group !== undefined && (
                <div
                  role="presentation"
                  className="flex items-end border-b border-line bg-canvas/60 px-4 pb-2 text-xs font-medium text-muted"
                >
                  {group}
                </div>
              )}
              <Row
                index={item.index}
                row={row}
                columns={columns}
                onOpen={props.onOpen}
                selected={props.selected === undefined ? undefined : props.selected === keyOf(row)}
                first={item.index === firstSeen}
                className={cn("py-0!", item.index < rows.length - 1 && "last:border-b!")}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}
