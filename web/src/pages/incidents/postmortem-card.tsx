import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { BookOpen } from "lucide-react";
import { queryClient } from "../../app/query.ts";
import { useMay } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import type { Incident, Postmortem } from "../../lib/types.ts";
import { Button, buttonClass } from "../../ui/button.tsx";
import { toast } from "../../ui/toast.tsx";

const WORDS: Record<string, string> = {
  draft: "Its postmortem is being written.",
  in_review: "Its postmortem is being reviewed.",
  published: "Its postmortem is published.",
};

/** After the incident: what was learned, or the way to write it down. */
export function PostmortemCard({ incident }: { incident: Incident }) {
  const mayRespond = useMay("respond");
  const navigate = useNavigate();
  const begin = useMutation({
    mutationFn: () => api.post<Postmortem>("/postmortems", { incidents: [incident.id] }),
    onSuccess: async (made) => {
      queryClient.setQueryData(["postmortems", "one", made.id], made);
      void queryClient.invalidateQueries({ queryKey: ["postmortems", "list"] });
      await navigate({ to: "/postmortems/$id", params: { id: made.id } });
    },
    onError: toast.failed,
  });
  if (incident.postmortem === null && !mayRespond) return null;
  return (
    <section
      aria-label="Postmortem"
      className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-lg border border-line bg-brand-soft p-4 sm:px-5"
    >
      <BookOpen size={20} className="shrink-0 text-brand-text" aria-hidden />
      <p className="min-w-0 flex-1 basis-60 text-sm">
        {incident.postmortem === null ? (
          <>
            <span className="font-medium">It is over.</span> The draft begins with what was recorded: times,
            who was paged, the chart. What it can't know is yours to add.
          </>
        ) : (
          <>
            <span className="font-medium">{incident.postmortem.title}</span>
            <span className="block text-muted">{WORDS[incident.postmortem.state]}</span>
          </>
        )}
      </p>
      {incident.postmortem === null ? (
        <Button variant="primary" busy={begin.isPending} onClick={() => begin.mutate()}>
          Write the postmortem
        </Button>
      ) : (
        <Link
          to="/postmortems/$id"
          params={{ id: incident.postmortem.id }}
          className={buttonClass("primary")}
        >
          {incident.postmortem.state === "published" ? "Read it" : "Go on writing"}
        </Link>
      )}
    </section>
  );
}
