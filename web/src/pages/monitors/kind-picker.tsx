import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "../../ui/states.tsx";
import { kindsQuery } from "./queries.ts";

/** Every kind of monitor with what it does, for whoever has no address to paste. */
export function KindPicker({ onPick }: { onPick: (kind: string) => void }) {
  const kinds = useQuery(kindsQuery);
  return (
    <section aria-labelledby="kinds">
      <h2 id="kinds" className="mb-3 text-sm font-medium text-muted">
        Or choose how to watch
      </h2>
      {kinds.data ? (
        <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          {kinds.data.items.map(({ id, label, summary }) => (
            <li key={id}>
              <button
                type="button"
                onClick={() => onPick(id)}
                className="flex h-full w-full flex-col gap-1 rounded-lg border border-line bg-surface p-4 text-left transition-colors duration-150 hover:border-line-strong"
              >
                <span className="font-medium">{label}</span>
                <span className="line-clamp-3 text-sm text-muted">{summary}</span>
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <Skeleton className="h-80" />
      )}
    </section>
  );
}
