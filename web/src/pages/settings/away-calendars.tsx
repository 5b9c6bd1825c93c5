import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import { useNow } from "../../lib/clock.ts";
import { dayTime, toMs } from "../../lib/time.ts";
import type { CalendarImport } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { toast } from "../../ui/toast.tsx";

const importsQuery = queryOptions({
  queryKey: ["calendar-imports"],
  queryFn: ({ signal }) => api.get<{ items: CalendarImport[] }>("/calendar-imports", {}, signal),
});

async function changed(): Promise<void> {
  await queryClient.invalidateQueries(importsQuery);
  void queryClient.invalidateQueries({ queryKey: ["out-of-office"] });
}

const EMPTY = { url: "", words: "" };

/** Calendars elsewhere that say when I am away. */
export function AwayCalendars({ userId }: { userId: string }) {
  const { data } = useQuery(importsQuery);
  const [draft, setDraft] = useState(EMPTY);
  const add = useMutation({
    mutationFn: () =>
      api.post<CalendarImport>("/calendar-imports", {
        url: draft.url,
        words: draft.words
          .split(",")
          .map((word) => word.trim())
          .filter(Boolean),
      }),
    onSuccess: async (made) => {
      setDraft(EMPTY);
      await changed();
      if (made.failure === null) toast.done(`Read: ${made.events} times away ahead.`);
    },
  });
  const mine = (data?.items ?? []).filter((each) => each.user?.id === userId);
  return (
    <div className="flex flex-col gap-4 border-t border-line pt-5">
      <h3 className="text-sm font-semibold">From a calendar</h3>
      <ul
        className="flex flex-col divide-y divide-line empty:hidden"
        aria-label="Calendars that say when you are away"
      >
        {mine.map((each) => (
          <Calendar key={each.id} calendar={each} />
        ))}
      </ul>
      <Form problem={add.error} onSubmit={() => add.mutate()} className="flex flex-col gap-4">
        <FormProblem problem={add.error} />
        <Input
          label="Address"
          type="text"
          inputMode="url"
          pointer="/url"
          help="The calendar's iCal address. It is kept sealed and read every 15 minutes."
          value={draft.url}
          onChange={(event) => setDraft({ ...draft, url: event.target.value })}
        />
        <Input
          label="Only events with"
          optional
          pointer="/words"
          help="Words in the title, with commas between: leave, vacation. Without any, every event counts."
          value={draft.words}
          onChange={(event) => setDraft({ ...draft, words: event.target.value })}
        />
        <div>
          <Button type="submit" disabled={draft.url.trim() === ""} busy={add.isPending}>
            Read this calendar
          </Button>
        </div>
      </Form>
    </div>
  );
}

function Calendar({ calendar }: { calendar: CalendarImport }) {
  const nowMs = useNow();
  const path = `/calendar-imports/${calendar.id}`;
  const read = useMutation({
    mutationFn: () => api.post(`${path}/read`, {}),
    onSuccess: changed,
    onError: toast.failed,
  });
  const remove = useMutation({
    mutationFn: () => api.delete(path),
    onSuccess: changed,
    onError: toast.failed,
  });
  const { failure, last_read_at: readAt } = calendar;
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-2.5 text-sm">
      <div className="min-w-0 flex-1 basis-48">
        <div className="truncate font-medium">{calendar.host}</div>
        <div className="text-muted">
          {readAt ? `${calendar.events} times away, read ${dayTime(toMs(readAt), nowMs)}` : "Not read yet"}
          {calendar.words.length > 0 && ` · only ${calendar.words.join(", ")}`}
        </div>
        {failure && (
          <div className="break-words text-down">
            {failure} {readAt && "What it said before stays in force."}
          </div>
        )}
      </div>
      <div className="flex gap-2">
        <Button size="sm" busy={read.isPending} onClick={() => read.mutate()}>
          Read now
        </Button>
        <Button size="sm" variant="ghost" busy={remove.isPending} onClick={() => remove.mutate()}>
          Remove
        </Button>
      </div>
    </li>
  );
}
