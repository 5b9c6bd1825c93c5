import { useEffect, useState, useSyncExternalStore } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { Postmortem } from "../../lib/types.ts";
import { Manuscript } from "./manuscript.ts";
import { postmortemQuery } from "./queries.ts";

/** Shows the server's answer wherever the postmortem is held. */
export function keep(postmortem: Postmortem): Postmortem {
  queryClient.setQueryData(postmortemQuery(postmortem.id).queryKey, postmortem);
  void queryClient.invalidateQueries({ queryKey: ["postmortems", "list"], refetchType: "none" });
  return postmortem;
}

/** The manuscript of a postmortem, kept current by what others save, and warned about when the tab is closed too soon. */
export function useManuscript(postmortem: Postmortem) {
  const { id } = postmortem;
  const [manuscript] = useState(
    () =>
      new Manuscript(postmortem, {
        patch: async (body) => keep(await api.patch<Postmortem>(`/postmortems/${id}`, body)),
        load: async () => keep(await api.get<Postmortem>(`/postmortems/${id}`)),
      }),
  );
  const shown = useSyncExternalStore(manuscript.subscribe, manuscript.snapshot);
  useEffect(() => {
    // What I am just saving comes back this way too; its version is then mine already.
    if (manuscript.snapshot().save.kind !== "saving") manuscript.absorb(postmortem);
  }, [manuscript, postmortem]);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (manuscript.isDirty) event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => {
      window.removeEventListener("beforeunload", warn);
      manuscript.stop();
    };
  }, [manuscript]);
  return { manuscript, ...shown };
}
