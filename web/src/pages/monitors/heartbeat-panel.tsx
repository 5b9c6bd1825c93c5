import { useMutation, useQuery } from "@tanstack/react-query";
import { HeartPulse, KeyRound } from "lucide-react";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { Monitor } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card, Facts } from "../../ui/card.tsx";
import { Code } from "../../ui/code.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { CopyButton } from "../../ui/small.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { Duration, Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { type Heartbeat, heartbeatQuery } from "./heartbeat.ts";
import { PingTable } from "./heartbeat-pings.tsx";
import { snippetsOf } from "./heartbeat-snippets.ts";
import { NextRuns } from "./next-runs.tsx";

/** Where a job pings, how to make it ping, what is expected and what came. */
export function HeartbeatPanel({ monitor }: { monitor: Monitor }) {
  const query = useQuery(heartbeatQuery(monitor.slug));
  return (
    <Loaded query={query} skeleton={<Skeleton className="h-80" />}>
      {(heartbeat) => (
        <>
          {heartbeat.pings.length === 0 && <Waiting pingUrl={heartbeat.ping_url} paused={monitor.paused} />}
          <Addresses monitor={monitor} heartbeat={heartbeat} />
          <Expected heartbeat={heartbeat} />
          {heartbeat.pings.length > 0 && (
            <Card title="Last pings" flush>
              <PingTable pings={heartbeat.pings} />
            </Card>
          )}
        </>
      )}
    </Loaded>
  );
}

function Waiting({ pingUrl, paused }: { pingUrl: string | null; paused: boolean }) {
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          <HeartPulse size={16} aria-hidden /> Waiting for the first ping
        </span>
      }
    >
      <p className="text-sm text-muted">
        {paused
          ? "It is paused: pings are noted, but don't count until it is resumed."
          : "Nobody is paged before the job has pinged once."}
        {pingUrl === null
          ? " Somebody who may edit this monitor sees its address and puts it into the job."
          : " Let the job call the address below when it is done, or try it from the machine it runs on:"}
      </p>
      {pingUrl !== null && (
        <Code label="First ping" className="mt-3" wrap>
          {`curl -fsS ${pingUrl}`}
        </Code>
      )}
    </Card>
  );
}

function Addresses({ monitor, heartbeat }: { monitor: Monitor; heartbeat: Heartbeat }) {
  const { ping_url: ping, push_url: push } = heartbeat;
  const [asking, setAsking] = useState(false);
  const anew = useMutation({
    mutationFn: () => api.post<Heartbeat>(`/monitors/${monitor.slug}/heartbeat/regenerate`),
    onSuccess: (changed) => {
      queryClient.setQueryData(heartbeatQuery(monitor.slug).queryKey, changed);
      toast.done("It has new addresses. Put them into the job.");
    },
  });
  if (ping === null)
    return (
      <Card title="Address to ping">
        <p className="text-sm text-muted">
          Whoever knows it can say that the job is well, so only those who may edit this monitor see it.
        </p>
      </Card>
    );
  return (
    <Card title="Address to ping">
      <div className="flex items-center gap-2 rounded-md border border-line bg-sunken py-1 pr-1 pl-3">
        <span className="min-w-0 flex-1 font-mono text-sm break-all">{ping}</span>
        <CopyButton text={ping} label="Copy the ping URL" />
      </div>
      <Snippets ping={ping} push={push} cron={monitor.config.cron} />
      <Button size="sm" className="mt-4" onClick={() => setAsking(true)}>
        <KeyRound size={16} aria-hidden /> Give it new addresses
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={`Give ${monitor.name} new addresses?`}
        confirm="Give it new addresses"
        danger
        onConfirm={() => anew.mutateAsync()}
      >
        The ping URL and the push URL of now are dead at once: jobs that use them are taken for missing until
        they have the new ones.
      </ConfirmDialog>
    </Card>
  );
}

function Snippets({ ping, push, cron }: { ping: string; push: string | null; cron: unknown }) {
  const [tab, setTab] = useState("cron");
  const snippets = snippetsOf({ ping, push, cron: typeof cron === "string" ? cron : undefined });
  return (
    <Tabs
      className="mt-4"
      label="How to ping"
      value={tab}
      onChange={setTab}
      tabs={snippets.map(({ id, label, hint, text }) => ({
        value: id,
        label,
        content: (
          <>
            <p className="-mt-2 mb-3 text-sm text-muted">{hint}</p>
            <Code label={`${label} snippet`}>{text}</Code>
          </>
        ),
      }))}
    />
  );
}

function Expected({ heartbeat }: { heartbeat: Heartbeat }) {
  const { expected_at: expected, due_at: due, running_since: running } = heartbeat;
  const facts: [string, React.ReactNode][] = [];
  if (running !== null) facts.push(["Running for", <Duration key="running" since={running} />]);
  if (expected !== null) facts.push(["Next ping expected", <Time key="expected" at={expected} />]);
  if (due !== null) facts.push(["Missed unless it comes", <Time key="due" at={due} />]);
  return (
    <Card title="Next runs">
      <div className="grid gap-x-10 gap-y-5 sm:grid-cols-2">
        <div>
          <NextRuns runs={heartbeat.next_runs} />
        </div>
        <div>{facts.length > 0 && <Facts items={facts} columns={1} />}</div>
      </div>
    </Card>
  );
}
