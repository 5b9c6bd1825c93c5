import { useStored } from "../../lib/stored.ts";
import type { MonitorSearch } from "./routes.tsx";

export interface SavedView {
  name: string;
  search: MonitorSearch;
}

const isView = (value: unknown): value is SavedView =>
  typeof value === "object" && value !== null && "name" in value && "search" in value;

function parse(text: string): SavedView[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isView) : [];
  } catch {
    return [];
  }
}

/** The filters this person saved under a name, in this browser. */
export function useSavedViews() {
  const [text, setText] = useStored("monitor-views", "[]");
  const views = parse(text);
  const put = (next: readonly SavedView[]) => setText(JSON.stringify(next));
  return {
    views,
    save: (view: SavedView) => put([...views.filter((other) => other.name !== view.name), view]),
    remove: (name: string) => put(views.filter((view) => view.name !== name)),
  };
}
