import { listOf } from "../../lib/format.ts";
import type { Incident } from "../../lib/types.ts";
import { Person } from "../../ui/small.tsx";

/** Who has an incident, in one line: its owner, whom it pages, or that nobody has it. */
export function Who({ incident }: { incident: Incident }) {
  const owner = incident.acknowledged_by ?? (incident.status === "resolved" ? incident.resolved_by : null);
  if (owner !== null) return <Person name={owner.name} />;
  if (incident.status === "resolved") return <span className="text-faint">nobody needed</span>;
  const paged = incident.paged.map((person) => person.name);
  if (!incident.reached) return <span className="font-medium text-down">nobody reached</span>;
  return <span className="block truncate text-muted">paging {listOf(paged)}</span>;
}
