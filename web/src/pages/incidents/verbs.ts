import { useMutation } from "@tanstack/react-query";
import { incidentChanged } from "../../app/live.ts";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { Incident } from "../../lib/types.ts";
import { toast } from "../../ui/toast.tsx";

export type VerbName =
  | "acknowledge"
  | "escalate"
  | "resolve"
  | "reassign"
  | "snooze"
  | "note"
  | "responders"
  | "responders/answer";

interface Call {
  verb: VerbName;
  body?: Record<string, unknown>;
  /** What to say when it is done. */
  said?: string;
}

/** The incident with its new state, everywhere at once; its record and pages are asked for again. */
export function tookEffect(incident: Incident): void {
  incidentChanged(incident.id, incident);
  void queryClient.invalidateQueries({ queryKey: ["incidents", "timeline", incident.id] });
  void queryClient.invalidateQueries({ queryKey: ["pages", incident.id] });
}

/** Runs a verb of one incident. A refusal is told by the caller's own dialog when `quiet`, else in a corner. */
export function useVerb(incident: Incident, { quiet = false }: { quiet?: boolean } = {}) {
  return useMutation({
    mutationFn: ({ verb, body }: Call) => api.post<Incident>(`/incidents/${incident.id}/${verb}`, body),
    onSuccess: (changed, { said }) => {
      tookEffect(changed);
      if (said !== undefined) toast.done(said);
    },
    onError: quiet ? undefined : toast.failed,
  });
}
