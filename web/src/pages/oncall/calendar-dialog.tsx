import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { useMe } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import type { CalendarFeed, CalendarFeedMade } from "../../lib/types.ts";
import { Button, buttonClass } from "../../ui/button.tsx";
import { Code } from "../../ui/code.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { FormProblem } from "../../ui/field.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";

const feedsQuery = queryOptions({
  queryKey: ["calendar-feeds"],
  queryFn: ({ signal }) => api.get<{ items: CalendarFeed[] }>("/calendar-feeds", {}, signal),
});
const changed = (): Promise<void> => queryClient.invalidateQueries(feedsQuery);

interface CalendarDialogProps {
  /** Null: my own shifts in every schedule. */
  schedule: { slug: string; name: string } | null;
  onClose: () => void;
}

/** Makes, renews and ends the secret addresses at which my calendar programs read shifts. */
export function CalendarDialog({ schedule, onClose }: CalendarDialogProps) {
  const me = useMe().user.id;
  const query = useQuery(feedsQuery);
  const [made, setMade] = useState<CalendarFeedMade | null>(null);
  const make = useMutation({
    mutationFn: () => api.post<CalendarFeedMade>("/calendar-feeds", { schedule: schedule?.slug ?? null }),
    onSuccess: (feed) => {
      setMade(feed);
      void changed();
    },
  });
  const isHere = (feed: CalendarFeed) =>
    feed.user.id === me && (feed.schedule?.slug ?? null) === (schedule?.slug ?? null);
  return (
    <Dialog
      open
      onClose={onClose}
      title={schedule ? `${schedule.name} in your calendar` : "Your shifts in your calendar"}
      description="A secret address to which a calendar program subscribes. It keeps up with every change."
      footer={
        made ? (
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        ) : (
          <>
            <Button variant="ghost" onClick={onClose}>
              Close
            </Button>
            <Button variant="primary" busy={make.isPending} onClick={() => make.mutate()}>
              Make an address
            </Button>
          </>
        )
      }
    >
      <div className="flex flex-col gap-5">
        <FormProblem problem={make.error} />
        {made && <Addresses made={made} />}
        <Loaded query={query} skeleton={<Skeleton className="h-12" />}>
          {({ items }) => (
            <ul className="flex flex-col divide-y divide-line empty:hidden" aria-label="Addresses">
              {items.filter(isHere).map((feed) => (
                <FeedRow key={feed.id} feed={feed} onRenewed={setMade} />
              ))}
            </ul>
          )}
        </Loaded>
      </div>
    </Dialog>
  );
}

const Addresses = ({ made }: { made: CalendarFeedMade }) => (
  <section aria-label="New address" className="flex flex-col gap-4">
    <div>
      <h3 className="mb-1 text-sm font-medium">Google, Outlook: “from URL”</h3>
      <Code label="Link" wrap className="pr-8 break-all">
        {made.url}
      </Code>
    </div>
    <div>
      <h3 className="mb-1 text-sm font-medium">Apple, Thunderbird and others</h3>
      <Code label="Webcal link" wrap className="pr-8 break-all">
        {made.webcal}
      </Code>
    </div>
    <div>
      <a href={made.webcal} className={buttonClass()}>
        Open in a calendar program
      </a>
    </div>
    <p className="text-sm text-muted">
      Copy it now: it is shown this once. Whoever has it reads these shifts without signing in. Add{" "}
      <code className="text-xs">?remind=1h</code> for a reminder before each shift.
    </p>
  </section>
);

function FeedRow({ feed, onRenewed }: { feed: CalendarFeed; onRenewed: (made: CalendarFeedMade) => void }) {
  const [ending, setEnding] = useState(false);
  const renew = useMutation({
    mutationFn: () => api.post<CalendarFeedMade>(`/calendar-feeds/${feed.id}/rotate`),
    onSuccess: (made) => {
      onRenewed(made);
      void changed();
      toast.done("The old address has ended.");
    },
    onError: toast.failed,
  });
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-3">
      <div className="min-w-0 text-sm">
        <div>
          Made <Time at={feed.created_at} />
        </div>
        <div className="text-muted">
          {feed.last_read_at ? (
            <>
              Last read <Time at={feed.last_read_at} />
            </>
          ) : (
            "Not read yet"
          )}
        </div>
      </div>
      <div className="flex gap-2">
        <Button size="sm" busy={renew.isPending} onClick={() => renew.mutate()}>
          New address
        </Button>
        <Button size="sm" onClick={() => setEnding(true)}>
          End
        </Button>
      </div>
      <ConfirmDialog
        open={ending}
        onClose={() => setEnding(false)}
        title="End this address?"
        confirm="End it"
        danger
        onConfirm={async () => {
          await api.delete(`/calendar-feeds/${feed.id}`);
          await changed();
          toast.done("The address has ended.");
        }}
      >
        Calendar programs that read it see no more changes. It can't be brought back.
      </ConfirmDialog>
    </li>
  );
}
