import { useMutation } from "@tanstack/react-query";
import { Pause, Pencil, Play, Trash2, X } from "lucide-react";
import { useState } from "react";
import { patchObject } from "../../app/patch.ts";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import { plural } from "../../lib/format.ts";
import type { Monitor } from "../../lib/types.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { BulkEdit } from "./bulk-edit.tsx";

/** What can be done with several monitors at once; floats above the list while any is chosen. */
export function BulkBar({ monitors, onDone }: { monitors: readonly Monitor[]; onDone: () => void }) {
  const slugs = monitors.map(({ slug }) => slug);
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const change = useMutation({
    mutationFn: (verb: "pause" | "resume") =>
      Promise.all(slugs.map((slug) => api.post<Monitor>(`/monitors/${slug}/${verb}`))),
    onSuccess: (changed, verb) => {
      for (const monitor of changed) patchObject(queryClient, ["monitors"], monitor);
      toast.done(`${plural(changed.length, "monitor")} ${verb === "pause" ? "paused" : "resumed"}.`);
      onDone();
    },
    onError: toast.failed,
  });
  const remove = async () => {
    for (const slug of slugs) await api.delete(`/monitors/${slug}`);
    await queryClient.invalidateQueries({ queryKey: ["monitors", "list"] });
    toast.done(`${plural(slugs.length, "monitor")} deleted.`);
    onDone();
  };
  return (
    <section
      aria-label="Chosen monitors"
      className="fixed bottom-20 left-1/2 z-20 flex -translate-x-1/2 items-center gap-1 rounded-lg border border-line bg-raised p-1.5 pl-4 shadow-float enter-up sm:bottom-6"
    >
      <span className="mr-3 text-sm font-medium whitespace-nowrap num">{slugs.length} chosen</span>
      <Button size="sm" variant="ghost" onClick={() => setEditing(true)}>
        <Pencil size={15} aria-hidden /> Edit
      </Button>
      <Button size="sm" variant="ghost" busy={change.isPending} onClick={() => change.mutate("pause")}>
        <Pause size={15} aria-hidden /> Pause
      </Button>
      <Button size="sm" variant="ghost" onClick={() => change.mutate("resume")}>
        <Play size={15} aria-hidden /> Resume
      </Button>
      <Button size="sm" variant="ghost" className="text-down!" onClick={() => setDeleting(true)}>
        <Trash2 size={15} aria-hidden /> Delete
      </Button>
      <IconButton label="Choose none" icon={<X size={16} />} size="sm" onClick={onDone} />
      {editing && <BulkEdit monitors={monitors} onClose={() => setEditing(false)} onDone={onDone} />}
      <ConfirmDialog
        open={deleting}
        onClose={() => setDeleting(false)}
        title={`Delete ${plural(slugs.length, "monitor")}?`}
        confirm="Delete"
        danger
        onConfirm={remove}
      >
        Their history goes with them, and their open alerts are resolved. This can't be undone.
      </ConfirmDialog>
    </section>
  );
}
