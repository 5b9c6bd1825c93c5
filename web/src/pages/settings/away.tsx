import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { useMe } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import { useNow } from "../../lib/clock.ts";
import { dayTime, toMs } from "../../lib/time.ts";
import type { OutOfOffice } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { AwayCalendars } from "./away-calendars.tsx";

const awayQuery = (userId: string) =>
  queryOptions({
    queryKey: ["out-of-office", userId],
    queryFn: ({ signal }) => api.get<{ items: OutOfOffice[] }>(`/users/${userId}/out-of-office`, {}, signal),
  });

const EMPTY = { from: "", to: "", summary: "" };

/** When I am away, by days of my own clock. */
export function Away() {
  const { user } = useMe();
  const query = useQuery(awayQuery(user.id));
  const [draft, setDraft] = useState(EMPTY);
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change });
  const add = useMutation({
    mutationFn: () => api.post<OutOfOffice>(`/users/${user.id}/out-of-office`, draft),
    onSuccess: async () => {
      await queryClient.invalidateQueries(awayQuery(user.id));
      setDraft(EMPTY);
    },
  });
  return (
    <Card title="Away">
      <div className="flex flex-col gap-5 pt-1">
        <Loaded query={query} skeleton={<Skeleton className="h-10" />}>
          {({ items }) => (
            <ul className="flex flex-col divide-y divide-line empty:hidden" aria-label="When you are away">
              {items.map((entry) => (
                <Entry key={entry.id} entry={entry} userId={user.id} zone={user.time_zone} />
              ))}
            </ul>
          )}
        </Loaded>
        <Form problem={add.error} onSubmit={() => add.mutate()} className="flex flex-col gap-4">
          <FormProblem problem={add.error} />
          <div className="grid gap-4 sm:grid-cols-2">
            <Input
              label="First day"
              type="date"
              pointer="/from"
              value={draft.from}
              onChange={(event) => set({ from: event.target.value })}
            />
            <Input
              label="Last day"
              type="date"
              pointer="/to"
              value={draft.to}
              onChange={(event) => set({ to: event.target.value })}
            />
          </div>
          <Input
            label="Note"
            optional
            pointer="/summary"
            help="Colleagues see it, and when you are away."
            maxLength={200}
            value={draft.summary}
            onChange={(event) => set({ summary: event.target.value })}
          />
          <div>
            <Button type="submit" disabled={!draft.from || !draft.to} busy={add.isPending}>
              Add
            </Button>
          </div>
        </Form>
        <AwayCalendars userId={user.id} />
      </div>
    </Card>
  );
}

function Entry({ entry, userId, zone }: { entry: OutOfOffice; userId: string; zone: string }) {
  const nowMs = useNow();
  const hasBegun = toMs(entry.from) <= nowMs;
  const end = useMutation({
    mutationFn: () => api.delete(`/users/${userId}/out-of-office/${entry.id}`),
    onSuccess: () => queryClient.invalidateQueries(awayQuery(userId)),
    onError: toast.failed,
  });
  return (
    <li className="flex items-center justify-between gap-3 py-2.5 text-sm">
      <div className="min-w-0">
        <div className="num">
          {hasBegun ? "Now" : dayTime(toMs(entry.from), nowMs, zone)} until{" "}
          {dayTime(toMs(entry.to), nowMs, zone)}
        </div>
        {entry.summary && <div className="truncate text-muted">{entry.summary}</div>}
      </div>
      <Button size="sm" busy={end.isPending} onClick={() => end.mutate()}>
        {hasBegun ? "I am back" : "Take back"}
      </Button>
    </li>
  );
}
