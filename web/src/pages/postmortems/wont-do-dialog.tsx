import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { api } from "../../lib/api.ts";
import type { ActionItem } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
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
  const formId = useId();
  const save = useMutation({
    mutationFn: () => api.patch<ActionItem>(`/action-items/${item.id}`, { state: "wont_do", reason }),
    onSuccess: async () => {
      await onDone();
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="Won't do"
      description={item.title}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" busy={save.isPending}>
            Close it undone
          </Button>
        </>
      }
    >
      <Form id={formId} problem={save.error} onSubmit={() => save.mutate()} className="flex flex-col gap-4">
        <FormProblem problem={save.error} />
        <Textarea
          label="What speaks against it?"
          pointer="/reason"
          autoFocus
          rows={3}
          help="It stays beside the action, for whoever meets the same failure again."
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </Form>
    </Dialog>
  );
}
