import { useQuery } from "@tanstack/react-query";
import { servicesQuery } from "../services/queries.ts";
import { Picker } from "./picker.tsx";
import { monitorNamesQuery } from "./queries.ts";

interface Scope {
  services: string[];
  monitors: string[];
}

/** Which services and monitors something is about. */
export function ScopePickers({
  scope,
  onChange,
}: {
  scope: Scope;
  onChange: (change: Partial<Scope>) => void;
}) {
  const services = useQuery(servicesQuery());
  const monitors = useQuery(monitorNamesQuery);
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Picker
        label="Services"
        pointer="/services"
        things={services.data?.items ?? []}
        chosen={scope.services}
        onChange={(chosen) => onChange({ services: chosen })}
      />
      <Picker
        label="Monitors"
        pointer="/monitors"
        things={monitors.data?.items ?? []}
        chosen={scope.monitors}
        onChange={(chosen) => onChange({ monitors: chosen })}
      />
    </div>
  );
}
