import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BookOpen, CircleAlert, CloudOff, Eye } from "lucide-react";
import { api } from "../../lib/api.ts";
import { cn } from "../../lib/cn.ts";
import type { Postmortem } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Breadcrumb } from "../../ui/page-header.tsx";
import { toast } from "../../ui/toast.tsx";
import type { Manuscript, SaveState } from "./manuscript.ts";
import { PostmortemMenu } from "./postmortem-menu.tsx";
import { keep } from "./use-manuscript.ts";

const STATE = { draft: "Draft", in_review: "In review", published: "Published" } as const;

/** Stays in sight while one writes: whether everything is saved, and the ways on. */
export function WritingHeader({
  postmortem,
  manuscript,
  save,
  isReady,
  onRead,
  onNotReady,
}: {
  postmortem: Postmortem;
  manuscript: Manuscript;
  save: SaveState;
  isReady: boolean;
  onRead: () => void;
  onNotReady: () => void;
}) {
  const { id, state } = postmortem;
  const publish = useMutation({
    mutationFn: async () => {
      await manuscript.save();
      if (manuscript.isDirty) throw new Error("not saved");
      return api.post<Postmortem>(`/postmortems/${id}/publish`);
    },
    onSuccess: (published) => {
      keep(published);
      window.scrollTo({ top: 0 });
      toast.done("Published. Everybody who may see it finds it in the library.");
    },
    onError: (error) => (manuscript.isDirty ? undefined : toast.failed(error)),
  });
  const review = useMutation({
    mutationFn: async () => {
      await manuscript.save();
      return api.patch<Postmortem>(`/postmortems/${id}`, {
        state: state === "draft" ? "in_review" : "draft",
      });
    },
    onSuccess: keep,
    onError: toast.failed,
  });
  return (
    <header className="sticky top-(--header-h) z-10 -mx-4 mb-6 flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-canvas/95 px-4 py-2 backdrop-blur-sm sm:-mx-6 sm:-mt-8 sm:px-6 max-sm:-mt-6">
      <div className="min-w-0 flex-1 max-sm:basis-full">
        <div className="-mb-1.5 max-sm:hidden">
          <Breadcrumb>
            <Link to="/postmortems">Postmortems</Link>
          </Breadcrumb>
        </div>
        <SaveWords state={STATE[state]} save={save} />
      </div>
      <Button variant="ghost" onClick={onRead}>
        <Eye size={16} aria-hidden /> Read it
      </Button>
      <Button busy={review.isPending} className="max-sm:hidden" onClick={() => review.mutate()}>
        {state === "draft" ? "Ask for a review" : "Back to a draft"}
      </Button>
      <Button
        variant="primary"
        busy={publish.isPending}
        onClick={() => (isReady ? publish.mutate() : onNotReady())}
      >
        <BookOpen size={16} className="max-sm:hidden" aria-hidden /> Publish
      </Button>
      <PostmortemMenu postmortem={postmortem} />
    </header>
  );
}

const WORDS: Record<SaveState["kind"], string> = {
  saved: "Saved",
  waiting: "Not saved yet",
  saving: "Saving…",
  offline: "No connection; your words stay here and are saved when it is back",
  refused: "Not saved",
  conflict: "Not saved: somebody else wrote the same part",
};

function SaveWords({ state, save }: { state: string; save: SaveState }) {
  const wrong = save.kind === "offline" || save.kind === "refused" || save.kind === "conflict";
  return (
    <p
      role="status"
      className={cn("flex items-center gap-1.5 text-sm", wrong ? "font-medium text-degraded" : "text-muted")}
    >
      {save.kind === "offline" && <CloudOff size={15} aria-hidden />}
      {(save.kind === "refused" || save.kind === "conflict") && <CircleAlert size={15} aria-hidden />}
      {state} · {WORDS[save.kind]}
      {save.kind === "refused" && `: ${save.message}`}
    </p>
  );
}
