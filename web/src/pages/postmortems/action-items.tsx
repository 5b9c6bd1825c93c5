import { Plus } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../app/session.ts";
import type { ActionItem, Postmortem } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { ActionItemForm } from "./action-item-form.tsx";
import { ActionItemRow } from "./action-item-row.tsx";

/** What was promised: who, until when, and whether a monitor proves it. Can be added to also after publishing. */
export function ActionItems({ postmortem }: { postmortem: Postmortem }) {
  const mayEdit = useMay("edit") && postmortem.can_edit;
  const [editing, setEditing] = useState<"new" | string | null>(null);
  const close = () => setEditing(null);
  const items = postmortem.action_items;
  return (
    <div className="flex flex-col gap-3">
      {items.length === 0 && editing === null && (
        <p className="text-sm text-muted">
          Nothing is promised yet. If nothing needs doing, say so among the causes: that is an answer too.
        </p>
      )}
      <ul className="flex flex-col divide-y divide-line border-y border-line empty:hidden">
        {inOrder(items).map((item) =>
          editing === item.id ? (
            <li key={item.id} className="py-4">
              <ActionItemForm postmortem={postmortem} item={item} onClose={close} />
            </li>
          ) : (
            <ActionItemRow
              key={item.id}
              item={item}
              postmortem={postmortem}
              mayEdit={mayEdit}
              onEdit={() => setEditing(item.id)}
            />
          ),
        )}
      </ul>
      {editing === "new" && <ActionItemForm postmortem={postmortem} onClose={close} />}
      {mayEdit && editing === null && (
        <div className="print:hidden">
          <Button onClick={() => setEditing("new")}>
            <Plus size={16} aria-hidden /> Add an action item
          </Button>
        </div>
      )}
    </div>
  );
}

const RANK = { open: 0, done: 1, wont_do: 2 } as const;

/** Open ones first, the most urgent and the soonest due of them on top. */
const inOrder = (items: readonly ActionItem[]): readonly ActionItem[] =>
  items.toSorted(
    (a, b) =>
      RANK[a.state] - RANK[b.state] ||
      Number(b.priority === "high") - Number(a.priority === "high") ||
      (a.due ?? "9").localeCompare(b.due ?? "9"),
  );
