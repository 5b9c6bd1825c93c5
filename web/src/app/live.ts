import type { QueryKey } from "@tanstack/react-query";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { api, apiUrl } from "../lib/api.ts";
import { nowMs } from "../lib/clock.ts";
import type { Incident, LiveEvent, Monitor, Overview, Postmortem, TimelineEntry } from "../lib/types.ts";
import { cachedObject, dropObject, patched, patchObject } from "./patch.ts";
import { queryClient } from "./query.ts";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** A short hiccup is not worth a banner. */
const BANNER_AFTER_MS = 3000;
/** A whole (the overview, a count) is asked for again at most this often. */
const WHOLE_EVERY_MS = 10_000;
/** One object is asked for at most this often. */
const OBJECT_EVERY_MS = 2000;

let lost = false;
const listeners = new Set<() => void>();
const setLost = (next: boolean) => {
  lost = next;
  for (const tell of listeners) tell();
};

/** Whether the live connection has been gone for longer than a hiccup. */
export const useLiveLost = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => lost,
  );

/** Keeps the cache current from the live stream while mounted; comes back by itself and catches up once. */
export function useLive(): void {
  useEffect(() => connect(), []);
}

function connect(): () => void {
  let source: EventSource | undefined;
  let wait = FIRST_WAIT_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let banner: ReturnType<typeof setTimeout> | undefined;
  let missed = false;

  const open = () => {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(apiUrl("/live"));
    source.onopen = () => {
      wait = FIRST_WAIT_MS;
      clearTimeout(banner);
      banner = undefined;
      setLost(false);
      if (missed) void queryClient.invalidateQueries({ refetchType: "active" });
      missed = false;
    };
    source.onmessage = (message: MessageEvent<string>) => hear(JSON.parse(message.data) as LiveEvent);
    source.onerror = () => {
      source?.close();
      missed = true;
      banner ??= setTimeout(() => {
        setLost(true);
        // The session may be what ended; asking who we are finds out.
        void queryClient.refetchQueries({ queryKey: ["me"] });
      }, BANNER_AFTER_MS);
      timer = setTimeout(open, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    };
  };
  const soon = () => {
    if (missed && document.visibilityState === "visible") open();
  };
  open();
  window.addEventListener("online", soon);
  document.addEventListener("visibilitychange", soon);
  return () => {
    source?.close();
    clearTimeout(timer);
    clearTimeout(banner);
    window.removeEventListener("online", soon);
    document.removeEventListener("visibilitychange", soon);
  };
}

const interests = new Map<symbol, ReadonlySet<string>>();

/** Names the monitors whose every check matters to what is on screen; checks of others are left alone. */
export function useInterest(ids: readonly string[]): void {
  const joined = ids.join(" ");
  useEffect(() => {
    const key = Symbol();
    interests.set(key, new Set(joined.split(" ")));
    return () => {
      interests.delete(key);
    };
  }, [joined]);
}

/** Like `useInterest`, but told from outside a render: for lists that scroll. */
export function useInterestSetter(): (ids: readonly string[]) => void {
  const [key] = useState(() => Symbol());
  useEffect(
    () => () => {
      interests.delete(key);
    },
    [key],
  );
  return useCallback((ids) => interests.set(key, new Set(ids)), [key]);
}

const isWatched = (id: string): boolean => [...interests.values()].some((ids) => ids.has(id));

const waiting = new Map<string, ReturnType<typeof setTimeout>>();
const lastRun = new Map<string, number>();

/** Runs now if `key` has been quiet for `everyMs`, else once when it has. */
function throttled(key: string, everyMs: number, run: () => void): void {
  if (waiting.has(key)) return;
  const rest = Math.max(0, (lastRun.get(key) ?? 0) + everyMs - nowMs());
  const timer = setTimeout(() => {
    waiting.delete(key);
    lastRun.set(key, nowMs());
    run();
  }, rest);
  waiting.set(key, timer);
}

const again = (queryKey: QueryKey): void =>
  void queryClient.invalidateQueries({ queryKey, refetchType: "active" });

const againSoon = (queryKey: QueryKey): void =>
  throttled(JSON.stringify(queryKey), WHOLE_EVERY_MS, () => again(queryKey));

/** The object an event speaks of: sent along, or asked for; null when it is gone or not ours to see. */
function withObject<T>(event: LiveEvent, path: string, use: (object: T | null) => void): void {
  if (event.data !== undefined) {
    use(event.data as T);
    return;
  }
  throttled(`${event.type} ${event.id}`, OBJECT_EVERY_MS, () => {
    api.get<T>(path).then(use, () => use(null));
  });
}

/** Applies one event of the live stream to the cache. */
export function hear(event: LiveEvent): void {
  switch (event.type) {
    case "incident":
      withObject<Incident>(event, `/incidents/${event.id}`, (incident) =>
        incidentChanged(event.id, incident),
      );
      break;
    case "monitor":
      monitorChanged(event);
      break;
    case "check":
      if (isWatched(event.id)) monitorChanged(event);
      break;
    case "timeline":
      timelineChanged(event);
      break;
    case "page":
      again(event.of === undefined ? ["pages"] : ["pages", event.of]);
      break;
    case "alert":
      againSoon(["alerts"]);
      break;
    case "postmortem":
      withObject<Postmortem>(event, `/postmortems/${event.id}`, (postmortem) =>
        put(["postmortems"], event.id, postmortem),
      );
      break;
    case "problem":
      againSoon(["problems"]);
      break;
    case "oncall":
      for (const key of ["me", "oncall", "schedules"]) again([key]);
      break;
    case "maintenance":
    case "silence":
      for (const key of ["maintenance-windows", "silences", "monitors", "services"]) againSoon([key]);
      break;
    case "integration":
      againSoon(["integrations"]);
      break;
    case "installation":
      again(["me"]);
      break;
  }
}

/** A new version of an object wherever it is held, or its absence. */
function put(prefix: QueryKey, id: string, object: { id: string } | null): void {
  if (object === null) dropObject(queryClient, prefix, id);
  else patchObject(queryClient, prefix, object);
}

/** Puts an incident into every place that shows it. Also for the answer to a verb, so that the screen needn't wait. */
export function incidentChanged(id: string, incident: Incident | null): void {
  put(["incidents"], id, incident);
  if (incident === null) return;
  queryClient.setQueryData<Overview>(["overview"], (overview) => {
    if (overview === undefined) return overview;
    const open = incident.status !== "resolved";
    const { items } = patched({ items: overview.burning }, incident, open) as { items: Incident[] };
    return { ...overview, burning: items };
  });
  againSoon(["overview"]);
}

function monitorChanged(event: LiveEvent): void {
  const known = cachedObject<Monitor>(queryClient, ["monitors"], event.id);
  if (event.type === "monitor") {
    againSoon(["overview"]);
    againSoon(["services"]);
  }
  if (known === undefined && event.data === undefined) return;
  // What came of a ping shows in the monitor, the ping itself beside it.
  if (known?.kind === "heartbeat")
    throttled(`heartbeat ${known.slug}`, OBJECT_EVERY_MS, () => again(["heartbeat", known.slug]));
  withObject<Monitor>(event, `/monitors/${known?.slug ?? event.id}`, (monitor) =>
    put(["monitors"], event.id, monitor),
  );
}

function timelineChanged(event: LiveEvent): void {
  if (event.of === undefined) return;
  const key = ["incidents", "timeline", event.of];
  if (event.data === undefined) {
    again(key);
    return;
  }
  const entry = event.data as TimelineEntry;
  queryClient.setQueryData<{ items: TimelineEntry[] }>(key, (timeline) => {
    if (timeline === undefined) return timeline;
    const known = timeline.items.some((item) => item.id === entry.id);
    return known
      ? (patched(timeline, entry, null) as { items: TimelineEntry[] })
      : { ...timeline, items: [...timeline.items, entry] };
  });
}
