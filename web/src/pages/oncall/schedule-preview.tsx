import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, messageOf } from "../../lib/api.ts";
import { useNow } from "../../lib/clock.ts";
import { listOf } from "../../lib/format.ts";
import { dayTime, toMs } from "../../lib/time.ts";
import type { Layer, Previewed } from "../../lib/types.ts";
import { Card } from "../../ui/card.tsx";
import { Skeleton } from "../../ui/states.tsx";
import { CalendarBlock } from "./calendar-block.tsx";
import { previewBlocks } from "./calendar-range.ts";
import { useLookOf } from "./look-of.ts";
import { useNames } from "./people.ts";

const SETTLE_MS = 400;
const WEEKS = 4;
const DAY = 86_400_000;

/** What the layers being written come to in the next four weeks, and for an edit whose shifts change. */
export function SchedulePreview({
  slug,
  zone,
  layers,
}: {
  slug: string | undefined;
  zone: string;
  layers: readonly Layer[];
}) {
  const nowMs = useNow();
  const blocks = previewBlocks(useNow(DAY), WEEKS, zone);
  const from = blocks[0]?.from ?? nowMs;
  const body = useSettled(
    JSON.stringify({
      ...(slug === undefined ? {} : { schedule: slug }),
      time_zone: zone,
      layers,
      days: WEEKS * 7,
      from: new Date(from).toISOString(),
    }),
  );
  const ready = layers.every((layer) => (layer.shifts ?? layer.users ?? []).length > 0);
  const query = useQuery({
    queryKey: ["schedule-preview", body],
    queryFn: ({ signal }) => api.post<Previewed>("/schedules/preview", JSON.parse(body), { signal }),
    placeholderData: keepPreviousData,
    enabled: ready,
    retry: false,
  });
  const lookOf = useLookOf(query.data);
  return (
    <div className="flex min-w-0 flex-col gap-6 lg:sticky lg:top-[calc(var(--header-h)+1.5rem)]">
      <Card title="The next four weeks">
        {!ready && <p className="text-sm text-muted">Name somebody in each layer to see what comes of it.</p>}
        {query.error && <p className="mb-3 text-sm text-down">{messageOf(query.error)}</p>}
        {ready && query.data === undefined && !query.error && <Skeleton className="h-72" />}
        {ready && query.data && (
          <div className="flex flex-col gap-4">
            {blocks.map((block) => (
              <CalendarBlock
                key={block.from}
                block={block}
                shifts={query.data}
                zone={zone}
                nowMs={nowMs}
                lookOf={lookOf}
                snapMs={3_600_000}
              />
            ))}
          </div>
        )}
      </Card>
      {query.data && slug !== undefined && <Changes preview={query.data} />}
    </div>
  );
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** Whose shifts an edit changes. */
function Changes({ preview }: { preview: Previewed }) {
  const nameOf = useNames();
  const names = (emails: readonly string[]) => listOf(emails.map(nameOf)) || "nobody";
  const nowMs = useNow();
  return (
    <Card title="What changes">
      {preview.changes.length === 0 && <p className="text-sm text-muted">Nobody's shift changes.</p>}
      {preview.layers_from && preview.changes.length > 0 && (
        <p className="mb-3 text-sm text-muted">
          Whoever is on call stays until {dayTime(toMs(preview.layers_from), nowMs)}.
        </p>
      )}
      <ul className="flex flex-col gap-2 text-sm">
        {preview.changes.slice(0, 8).map((change) => (
          <li key={change.from} className="grid gap-x-4 sm:grid-cols-[13rem_minmax(0,1fr)]">
            <span className="text-muted num">
              {dayTime(toMs(change.from), nowMs)} to {dayTime(toMs(change.to), nowMs)}
            </span>
            <span>
              <s className="text-muted">{names(change.before)}</s> {names(change.after)}
            </span>
          </li>
        ))}
      </ul>
      {preview.changes.length > 8 && (
        <p className="mt-2 text-sm text-muted">And {preview.changes.length - 8} more.</p>
      )}
    </Card>
  );
}
