import { Button } from "./button.tsx";

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** The way to the next page of a list that is newest first; nothing when all of it is there. */
export function Older({ query, children = "Show older ones" }: { query: Paged; children?: string }) {
  if (!query.hasNextPage) return null;
  return (
    <div className="flex justify-center py-3">
      <Button variant="ghost" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {children}
      </Button>
    </div>
  );
}
