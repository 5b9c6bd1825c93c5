import { cn } from "../lib/cn.ts";

interface CardProps {
  title?: React.ReactNode;
  /** Beside the title: a link, a count, a small button. */
  aside?: React.ReactNode;
  children: React.ReactNode;
  className?: string;
  /** Without padding, for tables and lists that reach the edge. */
  flush?: boolean;
}

/** The one card: a border, no shadow. */
export function Card({ title, aside, children, className, flush }: CardProps) {
  return (
    <section className={cn("min-w-0 rounded-lg border border-line bg-surface", className)}>
      {title !== undefined && (
        <header className="flex min-h-12 items-center justify-between gap-4 px-4 pt-1 sm:px-5">
          <h2 className="text-sm font-semibold">{title}</h2>
          {aside}
        </header>
      )}
      <div
        className={cn(!flush && "px-4 pb-4 sm:px-5 sm:pb-5", !flush && title === undefined && "pt-4 sm:pt-5")}
      >
        {children}
      </div>
    </section>
  );
}

/** Pairs of a name and a value, in a grid. */
export function Facts({
  items,
  columns = 2,
}: {
  items: readonly [string, React.ReactNode][];
  columns?: 1 | 2 | 3;
}) {
  const grid = { 1: "", 2: "sm:grid-cols-2", 3: "sm:grid-cols-3" }[columns];
  return (
    <dl className={cn("grid gap-x-6 gap-y-3", grid)}>
      {items.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-xs text-faint">{name}</dt>
          <dd className="mt-0.5 text-sm break-words num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** One number with its name, large. */
export function Figure({
  label,
  value,
  note,
}: {
  label: string;
  value: React.ReactNode;
  note?: React.ReactNode;
}) {
  return (
    <div className="min-w-0">
      <div className="text-xs text-faint">{label}</div>
      <div className="mt-1 text-lg font-semibold num whitespace-nowrap">{value}</div>
      {note && <div className="text-xs text-muted">{note}</div>}
    </div>
  );
}
