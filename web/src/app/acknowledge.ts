import { useMutation } from "@tanstack/react-query";
import { api } from "../lib/api.ts";
import type { Incident } from "../lib/types.ts";
import { toast } from "../ui/toast.tsx";
import { incidentChanged } from "./live.ts";

/** Takes an incident on, and shows it everywhere at once. */
export function useAcknowledge() {
  return useMutation({
    mutationFn: (incident: Incident) => api.post<Incident>(`/incidents/${incident.id}/acknowledge`),
    onSuccess: (incident) => {
      incidentChanged(incident.id, incident);
      toast.done(`You have #${incident.number}. Nobody else is paged for it.`);
    },
    onError: toast.failed,
  });
}
