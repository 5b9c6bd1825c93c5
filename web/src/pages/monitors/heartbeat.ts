import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";

/** One ping, as a job sent it. */
export interface Ping {
  number: number;
  at: string;
  kind: "success" | "fail" | "start" | "log";
  /** False for one that came while the monitor was paused. */
  counted: boolean;
  exit_status: number | null;
  rid: string | null;
  duration_ms: number | null;
  method: string;
  remote: string | null;
  user_agent: string | null;
  body: string | null;
}

/** What a monitor of kind heartbeat expects and what came. */
export interface Heartbeat {
  /** Null for those who may not edit the monitor. */
  ping_url: string | null;
  push_url: string | null;
  expected_at: string | null;
  due_at: string | null;
  running_since: string | null;
  next_runs: string[];
  /** Newest first. */
  pings: Ping[];
}

/** Asked for again with every ping: see `hear` of the live stream. */
export const heartbeatQuery = (slug: string) =>
  queryOptions({
    queryKey: ["heartbeat", slug],
    queryFn: ({ signal }) => api.get<Heartbeat>(`/monitors/${slug}/heartbeat`, {}, signal),
  });
