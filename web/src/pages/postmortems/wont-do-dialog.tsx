import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../lib/api.ts";
import type { ActionItem } from "../../lib/types.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Textarea } from "../../ui/input.tsx";

/** Closes an action undone, with the reason: the next reader must not wonder. */
export function WontDoDialog({
  item,
  onClose,
  onDone,
}: {
  item: ActionItem;
  onClose: () => void;
  onDone: () => Promise<unknown>;
}) {
  const [reason, setReason] = useState("");
  const save = useMutation({
    mutationFn: () => api.patch<ActionItem>(`/action-items/${item.id}`, { state: "wont_do", reason }),
    onSuccess: async () => {
      await onDone();
      onClose();
    },
  });
  return (
    <FormDialog
      title="Won't do"
      description={item.title}
      submit="Close it undone"
      busy={save.isPending}
      problem={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <Textarea
        label="What speaks against it?"
        pointer="/reason"
        autoFocus
        rows={3}
        help="It stays beside the action, for whoever meets the same failure again."
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  );
}
