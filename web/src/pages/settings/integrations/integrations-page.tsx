import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plug, Plus } from "lucide-react";
import { useState } from "react";
import { useMe } from "../../../app/session.ts";
import { plural } from "../../../lib/format.ts";
import type { Integration, IntegrationWithKey } from "../../../lib/types.ts";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { PageHeader } from "../../../ui/page-header.tsx";
import { Badge } from "../../../ui/small.tsx";
import { EmptyState, Loaded } from "../../../ui/states.tsx";
import { IntegrationDialog } from "./integration-dialog.tsx";
import { IntegrationState } from "./integration-state.tsx";
import { KeyDialog } from "./key-dialog.tsx";
import { integrationsQuery } from "./queries.ts";

/** Where other monitoring sends to: each with what came last. */
export function IntegrationsPage() {
  const query = useQuery(integrationsQuery);
  const mayAdd = useMe().user.role !== "viewer";
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<IntegrationWithKey | null>(null);
  const add = mayAdd && (
    <Button variant="primary" onClick={() => setAdding(true)}>
      <Plus size={16} aria-hidden /> Add an integration
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Integrations"
        lead="What other monitoring sees pages here, too: each has an address with a key to send to."
        actions={add}
      />
      <Card flush>
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon={<Plug size={22} />} title="No integration yet" action={add}>
                Prometheus, whatever sends to PagerDuty, or a line of curl: what it reports becomes an alert,
                and pages whoever is on call.
              </EmptyState>
            ) : (
              <ul className="divide-y divide-line">
                {items.map((integration) => (
                  <IntegrationRow key={integration.id} integration={integration} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Card>
      {adding && <IntegrationDialog onClose={() => setAdding(false)} onMade={setMade} />}
      {made && <KeyDialog made={made} onClose={() => setMade(null)} />}
    </>
  );
}

function IntegrationRow({ integration }: { integration: Integration }) {
  const { slug, name, title, service, managed_by, firing } = integration;
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1 p-4 hover:bg-hover">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2">
          <Link
            to="/settings/integrations/$slug"
            params={{ slug }}
            className="font-medium after:absolute after:inset-0 focus-visible:-outline-offset-2"
          >
            {name}
          </Link>
          {managed_by === "config" && <Badge>From the configuration</Badge>}
        </p>
        <p className="text-sm text-muted">
          {title}
          {service && ` · ${service.name}`}
          {firing > 0 && ` · ${plural(firing, "alert")} firing`}
        </p>
      </div>
      <IntegrationState integration={integration} />
    </li>
  );
}
