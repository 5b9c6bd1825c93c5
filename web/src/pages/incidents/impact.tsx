import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { duration, toMs } from "../../lib/time.ts";
import type { Incident } from "../../lib/types.ts";
import { Card, Facts } from "../../ui/card.tsx";
import { Duration, Time } from "../../ui/time.tsx";
import { servicesQuery } from "../services/queries.ts";

/** How long, how quickly it was noticed and answered, and what else depends on it. */
export function Impact({ incident }: { incident: Incident }) {
  const services = useQuery(servicesQuery());
  const slug = incident.service?.slug;
  const dependents = (services.data?.items ?? []).filter((service) =>
    service.depends_on.some((each) => each.slug === slug),
  );
  const after = (at: string | null, from: string) =>
    at === null ? "not yet" : duration(Math.max(1000, toMs(at) - toMs(from)));
  return (
    <Card title="Impact">
      <Facts
        columns={3}
        items={[
          ["Began to fail", <Time key="began" at={incident.started_at} />],
          ["Noticed after", after(incident.opened_at, incident.started_at)],
          ["Acknowledged after", after(incident.acknowledged_at, incident.opened_at)],
          [
            incident.resolved_at ? "Lasted" : "Has lasted",
            <Duration key="lasted" since={incident.started_at} until={incident.resolved_at} />,
          ],
          ["Service", incident.service?.name ?? "none in particular"],
          [
            "What depends on it",
            dependents.length === 0
              ? "nothing that is known"
              : dependents.map((service, at) => (
                  <span key={service.slug}>
                    {at > 0 && ", "}
                    <Link
                      to="/services/$slug"
                      params={{ slug: service.slug }}
                      className="underline-offset-4 hover:underline"
                    >
                      {service.name}
                    </Link>
                  </span>
                )),
          ],
        ]}
      />
      {incident.follows && (
        <p className="mt-4 text-sm text-muted">
          It follows{" "}
          <Link
            to="/incidents/$id"
            params={{ id: incident.follows.id }}
            className="text-brand-text underline underline-offset-4"
          >
            #{incident.follows.number}
          </Link>
          , which was called fixed while this still failed.
        </p>
      )}
    </Card>
  );
}
