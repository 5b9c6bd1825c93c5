import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Activity } from "lucide-react";
import { useBurning, useMay } from "../../app/session.ts";
import { plural } from "../../lib/format.ts";
import type { Overview } from "../../lib/types.ts";
import { buttonClass } from "../../ui/button.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { EmptyState, Loaded, Skeleton } from "../../ui/states.tsx";
import { Duration, Time } from "../../ui/time.tsx";
import { QuietNow } from "../maintenance/quiet-now.tsx";
import { Burning } from "./burning.tsx";
import { OnCallCard, TodayCard, YesterdayCard } from "./cards.tsx";
import { usePlannedWork } from "./planned-work.ts";
import { overviewQuery } from "./query.ts";
import { ServiceTiles } from "./service-tiles.tsx";

/** Is anything wrong, and who has it? */
export function OverviewPage() {
  const query = useQuery(overviewQuery);
  return (
    <Loaded query={query} skeleton={<Waiting />}>
      {(overview) => (overview.services.length === 0 ? <Nothing /> : <Whole overview={overview} />)}
    </Loaded>
  );
}

function Whole({ overview }: { overview: Overview }) {
  const burning = useBurning();
  return (
    <>
      <PageHeader
        tab="Overview"
        title={<Sentence overview={overview} />}
        lead={<Since overview={overview} />}
      />
      <QuietNow />
      {burning.length > 0 && <Burning incidents={burning} />}
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-6">
          <ServiceTiles services={overview.services} />
          {burning.length === 0 && overview.yesterday.checks > 0 && <YesterdayCard overview={overview} />}
        </div>
        <div className="flex min-w-0 flex-col gap-6">
          <OnCallCard items={overview.on_call} />
          <TodayCard items={overview.today} />
        </div>
      </div>
    </>
  );
}

/** The answer in one sentence, with the shape of its state. */
function Sentence({ overview }: { overview: Overview }) {
  const burning = useBurning();
  const waiting = burning.filter((incident) => incident.status === "triggered").length;
  const planned = usePlannedWork();
  const troubled = overview.services.filter(
    ({ status, slug }) => status !== "up" && status !== "unknown" && !planned.has(slug),
  );
  const blind = overview.services.filter((service) => service.status === "unknown");
  const say = (state: "up" | "down" | "degraded" | "unknown" | "maintenance", words: string) => (
    <span className="inline-flex items-center gap-3">
      <StateMark state={state} size={22} />
      {words}
    </span>
  );
  if (waiting > 0)
    return say("down", `${plural(waiting, "incident")} ${waiting === 1 ? "waits" : "wait"} for somebody`);
  if (burning.length > 0)
    return say(
      "degraded",
      `${plural(burning.length, "incident")} open, ${burning.length === 1 ? "in hand" : "all in hand"}`,
    );
  if (troubled.length > 0) return say("degraded", `${plural(troubled.length, "service")} not quite well`);
  if (blind.length === overview.services.length) return say("unknown", "Nothing has been checked yet");
  if (planned.size > 0) return say("maintenance", "Planned work is under way, all else is well");
  return say("up", "All is well");
}

function Since({ overview }: { overview: Overview }) {
  const burning = useBurning();
  const first = burning.map((incident) => incident.started_at).toSorted()[0];
  if (first !== undefined)
    return (
      <>
        Something has been failing for <Duration since={first} />.
      </>
    );
  if (overview.quiet_since === null) return <>No incident yet.</>;
  return (
    <>
      The last incident ended <Time at={overview.quiet_since} />.
    </>
  );
}

function Nothing() {
  const mayEdit = useMay("edit");
  return (
    <>
      <PageHeader title="Overview" />
      <div className="rounded-lg border border-line bg-surface">
        <EmptyState
          icon={<Activity size={22} />}
          title="Nothing is watched yet"
          action={
            mayEdit && (
              <Link to="/monitors/new" className={buttonClass("primary")}>
                Add a monitor
              </Link>
            )
          }
        >
          Give Keepwatch an address. It checks it day and night, and wakes whoever is on call when it fails.
        </EmptyState>
      </div>
    </>
  );
}

const Waiting = () => (
  <div role="status">
    <span className="sr-only">Loading</span>
    <Skeleton className="mb-8 h-9 w-64" />
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="grid content-start gap-4 md:grid-cols-2">
        {[1, 2, 3, 4].map((tile) => (
          <Skeleton key={tile} className="h-29" />
        ))}
      </div>
      <Skeleton className="h-60" />
    </div>
  </div>
);
