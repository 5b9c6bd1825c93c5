import { Link } from "@tanstack/react-router";
import { plural, uptime } from "../../lib/format.ts";
import { STATE_RANK, STATE_WORDS } from "../../lib/state.ts";
import type { Overview } from "../../lib/types.ts";
import { DayBars } from "../../ui/bars.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { Until } from "../maintenance/mute.tsx";
import { type PlannedWork, usePlannedWork } from "./planned-work.ts";

type ServiceTile = Overview["services"][number];

/** Each service with its 90 days; the worst first, the rest by name. */
export function ServiceTiles({ services }: { services: readonly ServiceTile[] }) {
  const planned = usePlannedWork();
  const sorted = services.toSorted(
    (a, b) => STATE_RANK[a.status] - STATE_RANK[b.status] || a.name.localeCompare(b.name),
  );
  return (
    <section aria-labelledby="services-heading">
      <div className="mb-3 flex items-baseline justify-between">
        <h2 id="services-heading" className="text-sm font-semibold">
          Services
        </h2>
        <span className="text-xs text-faint">last 90 days</span>
      </div>
      <ul className="grid gap-4 md:grid-cols-2">
        {sorted.map((service) => (
          <li key={service.slug}>
            <Tile service={service} planned={planned.get(service.slug)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const Tile = ({ service, planned }: { service: ServiceTile; planned: PlannedWork | undefined }) => (
  <div className="relative flex h-full flex-col rounded-lg border border-line bg-surface p-4 transition-colors hover:border-line-strong/60">
    <div className="flex items-center gap-2.5">
      <StateMark state={planned ? "maintenance" : service.status} label />
      <h3 className="min-w-0 flex-1 truncate text-base font-semibold">
        <Link
          to="/services/$slug"
          params={{ slug: service.slug }}
          className="after:absolute after:inset-x-0 after:top-0 after:h-14 after:rounded-lg"
        >
          {service.name}
        </Link>
      </h3>
      <span className="text-sm font-medium num">{uptime(service.uptime)}</span>
    </div>
    <p className="mt-0.5 mb-4 truncate pl-6 text-xs text-muted">
      {planned ? (
        <>
          Planned work until <Until at={planned.until} /> · {STATE_WORDS[service.status].toLowerCase()}
        </>
      ) : (
        [STATE_WORDS[service.status], plural(service.monitors, "monitor"), service.team?.name]
          .filter(Boolean)
          .join(" · ")
      )}
    </p>
    <div className="mt-auto">
      <DayBars days={service.days} label={service.name} />
    </div>
  </div>
);
