import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Ellipsis, RefreshCw, Trash2, Undo2 } from "lucide-react";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { Postmortem } from "../../lib/types.ts";
import { IconButton } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { toast } from "../../ui/toast.tsx";
import { postmortemQuery } from "./queries.ts";

/** What is seldom wanted: reading the facts again, reopening, throwing a draft away. */
export function PostmortemMenu({ postmortem }: { postmortem: Postmortem }) {
  const [deleting, setDeleting] = useState(false);
  const navigate = useNavigate();
  const verb = useMutation({
    mutationFn: (name: "reopen" | "refresh") => api.post<Postmortem>(`/postmortems/${postmortem.id}/${name}`),
    onSuccess: (changed, name) => {
      queryClient.setQueryData(postmortemQuery(postmortem.id).queryKey, changed);
      void queryClient.invalidateQueries({ queryKey: ["postmortems", "list"] });
      toast.done(
        name === "reopen"
          ? "It is a draft again, and out of the library until it is published."
          : "The facts are read again. What a person wrote stays.",
      );
    },
    onError: toast.failed,
  });
  const remove = async () => {
    await api.delete(`/postmortems/${postmortem.id}`);
    await navigate({ to: "/postmortems" });
    queryClient.removeQueries({ queryKey: postmortemQuery(postmortem.id).queryKey });
    void queryClient.invalidateQueries({ queryKey: ["postmortems", "list"] });
    void queryClient.invalidateQueries({ queryKey: ["incidents"] });
  };
  if (!postmortem.can_edit) return null;
  const published = postmortem.state === "published";
  return (
    <>
      <Menu trigger={<IconButton label="More" icon={<Ellipsis size={18} />} variant="secondary" quiet />}>
        {published ? (
          <MenuItem icon={<Undo2 size={16} />} onSelect={() => verb.mutate("reopen")}>
            Reopen to change it
          </MenuItem>
        ) : (
          <>
            <MenuItem icon={<RefreshCw size={16} />} onSelect={() => verb.mutate("refresh")}>
              Read the facts again
            </MenuItem>
            <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => setDeleting(true)}>
              Throw the draft away…
            </MenuItem>
          </>
        )}
      </Menu>
      <ConfirmDialog
        open={deleting}
        onClose={() => setDeleting(false)}
        title="Throw this draft away?"
        confirm="Throw it away"
        danger
        onConfirm={remove}
      >
        Its text and its action items go with it. The incident and its record stay.
      </ConfirmDialog>
    </>
  );
}
