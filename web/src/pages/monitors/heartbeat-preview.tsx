import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ApiProblem, api, messageOf } from "../../lib/api.ts";
import { Card } from "../../ui/card.tsx";
import { Skeleton } from "../../ui/states.tsx";
import { NextRuns } from "./next-runs.tsx";

const SETTLE_MS = 400;
/** What says when pings are expected; of the rest a preview needs nothing, and least of all the secrets. */
const SCHEDULE = ["period", "cron", "on_calendar", "time_zone"];

/** The next runs of a schedule while it is being written. */
export function HeartbeatPreview({ fields }: { fields: Record<string, unknown> }) {
  const settled = useSettled(JSON.stringify(scheduleIn(fields)));
  const body = JSON.parse(settled) as Record<string, unknown>;
  const isEmpty = ["period", "cron", "on_calendar"].every((name) => body[name] === undefined);
  const preview = useQuery({
    queryKey: ["heartbeat-preview", settled],
    queryFn: ({ signal }) => api.post<{ next_runs: string[] }>("/heartbeats/preview", body, { signal }),
    enabled: !isEmpty,
    // They go by the present time.
    staleTime: 0,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
  return (
    <Card title="Next runs">
      {isEmpty ? (
        <p className="text-sm text-muted">Say how often the job runs, and its next runs are shown here.</p>
      ) : preview.error ? (
        <p className="text-sm text-muted" role="status">
          {wrongOf(preview.error)}
        </p>
      ) : preview.data ? (
        <NextRuns runs={preview.data.next_runs} />
      ) : (
        <Skeleton className="h-40" />
      )}
    </Card>
  );
}

const scheduleIn = (fields: Record<string, unknown>) =>
  Object.fromEntries(
    SCHEDULE.map((name) => [name, fields[name]]).filter(([, value]) => value !== undefined && value !== ""),
  );

/** What is wrong with the field, rather than that something is. */
const wrongOf = (error: unknown): string =>
  (error instanceof ApiProblem ? error.fields[0]?.detail : undefined) ?? messageOf(error);

/** `text` once it has stopped changing. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
