import { useQuery } from "@tanstack/react-query";
import { MonitorsField } from "../../ui/monitors-field.tsx";
import { Picker } from "../../ui/picker.tsx";
import { servicesQuery } from "../services/queries.ts";

interface Scope {
  services: string[];
  monitors: string[];
}

/** Which services and monitors something is about. */
export function ScopePickers({
  scope,
  base = "",
  onChange,
}: {
  scope: Scope;
  /** JSON pointer of what holds the two in what is sent. */
  base?: string;
  onChange: (change: Partial<Scope>) => void;
}) {
  const services = useQuery(servicesQuery());
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Picker
        label="Services"
        pointer={`${base}/services`}
        things={services.data?.items ?? []}
        chosen={scope.services}
        onChange={(chosen) => onChange({ services: chosen })}
      />
      <MonitorsField
        label="Monitors"
        pointer={`${base}/monitors`}
        chosen={scope.monitors}
        onChange={(chosen) => onChange({ monitors: chosen })}
      />
    </div>
  );
}
