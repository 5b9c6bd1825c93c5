import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowUpRight } from "lucide-react";
import { useInterest } from "../../app/live.ts";
import { durationWords } from "../../lib/time.ts";
import { buttonClass } from "../../ui/button.tsx";
import { Sheet } from "../../ui/dialog.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { MonitorNow } from "./monitor-now.tsx";
import { monitorQuery } from "./queries.ts";
import { monitorsRoute } from "./routes.tsx";

/** One monitor beside the list, so that the list is never lost. */
export function MonitorPanel({ slug }: { slug: string }) {
  const search = monitorsRoute.useSearch();
  const navigate = useNavigate();
  const query = useQuery(monitorQuery(slug));
  useInterest(query.data === undefined ? [] : [query.data.id]);
  return (
    <Sheet
      open
      onClose={() =>
        void navigate({
          to: "/monitors",
          search: { ...search, open: undefined },
          replace: true,
          resetScroll: false,
        })
      }
      title={query.data?.name ?? slug}
      description={
        query.data &&
        `${query.data.service.name}${query.data.probed ? ` · every ${durationWords(query.data.every)}` : ""}`
      }
      footer={
        <Link to="/monitors/$slug" params={{ slug }} className={buttonClass()}>
          Open the whole page <ArrowUpRight size={16} aria-hidden />
        </Link>
      }
    >
      <Loaded query={query} skeleton={<Skeleton className="h-96" />}>
        {(monitor) => <MonitorNow monitor={monitor} narrow />}
      </Loaded>
    </Sheet>
  );
}
