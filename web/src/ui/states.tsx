import { CloudOff, RotateCw } from "lucide-react";
import { messageOf } from "../lib/api.ts";
import { cn } from "../lib/cn.ts";
import { Button } from "./button.tsx";

/** Nothing here yet: what this is for, and the one thing to do next. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon?: React.ReactNode;
  title: string;
  children?: React.ReactNode;
  action?: React.ReactNode;
}) {
  return (
    <div className="flex flex-col items-center px-6 py-14 text-center">
      {icon && (
        <div className="mb-4 grid size-12 place-items-center rounded-full bg-sunken text-muted" aria-hidden>
          {icon}
        </div>
      )}
      <h2 className="text-base font-semibold">{title}</h2>
      {children && <p className="mt-1 max-w-md text-sm text-balance text-muted">{children}</p>}
      {action && <div className="mt-5">{action}</div>}
    </div>
  );
}

/** It could not be loaded: what happened, and trying again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div role="alert" className="flex flex-col items-center px-6 py-14 text-center">
      <div className="mb-4 grid size-12 place-items-center rounded-full bg-down-soft text-down" aria-hidden>
        <CloudOff size={22} />
      </div>
      <h2 className="text-base font-semibold">This could not be loaded</h2>
      <p className="mt-1 max-w-md text-sm text-balance text-muted">{messageOf(error)}</p>
      {onRetry && (
        <Button className="mt-5" onClick={onRetry}>
          <RotateCw size={16} aria-hidden /> Try again
        </Button>
      )}
    </div>
  );
}

/** A quiet block where something will be; give it the size of what it stands for. */
export const Skeleton = ({ className }: { className?: string }) => (
  <div className={cn("rounded-md bg-sunken breathe", className)} aria-hidden />
);

/** Rows of a list that is on its way. */
export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  return (
    <div role="status">
      <span className="sr-only">Loading</span>
      {Array.from({ length: rows }, (_, row) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move
          key={row}
          className="flex h-(--row-h) items-center gap-4 border-b border-line px-5 last:border-b-0"
        >
          <Skeleton className="size-4 rounded-full" />
          <Skeleton className={cn("h-3", ["w-2/5", "w-1/3", "w-1/2"][row % 3])} />
          <Skeleton className="ml-auto h-3 w-16" />
        </div>
      ))}
    </div>
  );
}

/** What a query has: its skeleton while it loads, its error with a retry, or its content. */
export function Loaded<T>({
  query,
  skeleton,
  children,
}: {
  query: { data: T | undefined; error: unknown; refetch: () => unknown };
  skeleton?: React.ReactNode;
  children: (data: T) => React.ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return skeleton ?? <SkeletonRows />;
}
