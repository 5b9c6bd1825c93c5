import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Boxes, Plus } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../app/session.ts";
import type { Service } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { type Column, Table } from "../../ui/table.tsx";
import { QuietBadge } from "../maintenance/mute.tsx";
import { servicesQuery } from "./queries.ts";
import { ServiceDialog } from "./service-dialog.tsx";

const quiet = <span className="text-faint">–</span>;

const columns: readonly Column<Service>[] = [
  {
    id: "name",
    header: "Service",
    width: "minmax(0,2fr)",
    cell: (service) => (
      <div className="flex items-center gap-3">
        <StateMark state={service.maintenance ? "maintenance" : service.status} label />
        <div className="min-w-0">
          <div className="flex items-center gap-2">
            <span className="truncate font-medium">{service.name}</span>
            <QuietBadge maintenance={service.maintenance} muted={service.muted} />
          </div>
          {service.description && <div className="truncate text-xs text-muted">{service.description}</div>}
        </div>
      </div>
    ),
  },
  {
    id: "team",
    header: "Team",
    width: "minmax(0,1fr)",
    hide: "phone",
    cell: (service) => service.team?.name ?? quiet,
  },
  {
    id: "policy",
    header: "Pages by",
    width: "minmax(0,1fr)",
    hide: "tablet",
    cell: (service) =>
      service.escalation_policy?.name ?? <span className="text-faint">The administrators</span>,
  },
  {
    id: "depends",
    header: "Depends on",
    width: "minmax(0,1.2fr)",
    hide: "tablet",
    cell: (service) =>
      service.depends_on.length === 0 ? (
        quiet
      ) : (
        <span className="block truncate">{service.depends_on.map((each) => each.name).join(", ")}</span>
      ),
  },
  {
    id: "monitors",
    header: "Monitors",
    width: "72px",
    align: "right",
    hide: "phone",
    cell: (service) => service.monitors,
  },
  {
    id: "incidents",
    header: "Open",
    width: "48px",
    phoneWidth: "24px",
    align: "right",
    cell: (service) =>
      service.open_incidents === 0 ? (
        quiet
      ) : (
        <span className="font-semibold text-down">{service.open_incidents}</span>
      ),
  },
];

/** What users depend on, and who looks after it. */
export function ServicesPage() {
  const query = useQuery(servicesQuery());
  const navigate = useNavigate();
  const mayEdit = useMay("edit");
  const [adding, setAdding] = useState(false);
  const add = mayEdit && (
    <Button variant="primary" onClick={() => setAdding(true)}>
      <Plus size={16} aria-hidden /> Add a service
    </Button>
  );
  return (
    <>
      <PageHeader title="Services" actions={add} />
      <Card flush>
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon={<Boxes size={22} />} title="No service yet" action={add}>
                A service is what your users depend on: the shop, the search, the payments. It says which team
                is paged when one of its monitors fails.
              </EmptyState>
            ) : (
              <Table
                label="Services"
                columns={columns}
                rows={items}
                keyOf={(service) => service.slug}
                onOpen={({ slug }) => void navigate({ to: "/services/$slug", params: { slug } })}
              />
            )
          }
        </Loaded>
      </Card>
      {adding && <ServiceDialog onClose={() => setAdding(false)} />}
    </>
  );
}
