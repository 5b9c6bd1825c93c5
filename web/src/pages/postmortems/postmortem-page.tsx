import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import type { Postmortem } from "../../lib/types.ts";
import { useTitle } from "../../ui/page-header.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { postmortemQuery } from "./queries.ts";
import { ReadingView } from "./reading-view.tsx";
import { postmortemRoute } from "./routes.tsx";
import "./print.css";

const WritingView = lazy(async () => ({ default: (await import("./writing-view.tsx")).WritingView }));

/** One postmortem: to read, and while it is a draft to write in place. */
export function PostmortemPage() {
  const { id } = postmortemRoute.useParams();
  const query = useQuery(postmortemQuery(id));
  return (
    <Loaded query={query} skeleton={<Waiting />}>
      {(postmortem) => <Whole key={postmortem.id} postmortem={postmortem} />}
    </Loaded>
  );
}

function Whole({ postmortem }: { postmortem: Postmortem }) {
  useTitle(postmortem.title);
  const mayWrite = postmortem.can_edit && postmortem.state !== "published";
  const [reading, setReading] = useState(false);
  if (!mayWrite || reading)
    return <ReadingView postmortem={postmortem} onWrite={mayWrite ? () => setReading(false) : undefined} />;
  return (
    <Suspense fallback={<Waiting />}>
      <WritingView postmortem={postmortem} onRead={() => setReading(true)} />
    </Suspense>
  );
}

const Waiting = () => (
  <div role="status" className="mx-auto max-w-[70ch]">
    <span className="sr-only">Loading</span>
    <Skeleton className="mb-4 h-10 w-4/5" />
    <Skeleton className="mb-8 h-6 w-full" />
    <Skeleton className="h-96" />
  </div>
);
