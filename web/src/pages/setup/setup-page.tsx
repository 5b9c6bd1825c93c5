import { useQuery } from "@tanstack/react-query";
import { Navigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { meQuery } from "../../app/session.ts";
import { useStored } from "../../lib/stored.ts";
import type { Me } from "../../lib/types.ts";
import { useTitle } from "../../ui/page-header.tsx";
import { ErrorState, Skeleton } from "../../ui/states.tsx";
import { FinishStep } from "./finish-step.tsx";
import { NextPersonStep } from "./next-person-step.tsx";
import { setupQuery } from "./queries.ts";
import { ReachStep } from "./reach-step.tsx";
import { SetupFrame } from "./setup-frame.tsx";
import { WatchStep } from "./watch-step.tsx";
import { NoTokenStep, YouStep } from "./you-step.tsx";

/** Four short steps from an empty installation to one that would wake somebody. Left and opened again, it goes on where it was. */
export function SetupPage() {
  useTitle("Set up Keepwatch");
  const { token: inPath } = useParams({ strict: false });
  const { token: inSearch } = useSearch({ strict: false });
  const [token] = useState(inPath ?? inSearch);
  const state = useQuery(setupQuery);
  const me = useQuery({ ...meQuery, retry: false, enabled: state.data?.needed === false });
  if (state.error)
    return (
      <SetupFrame step={0}>
        <ErrorState error={state.error} onRetry={() => void state.refetch()} />
      </SetupFrame>
    );
  if (state.data === undefined || (!state.data.needed && me.isPending))
    return (
      <SetupFrame step={0}>
        <Skeleton className="h-72" />
      </SetupFrame>
    );
  if (state.data.needed)
    return (
      <SetupFrame step={0}>{token === undefined ? <NoTokenStep /> : <YouStep token={token} />}</SetupFrame>
    );
  if (me.data === undefined) return <Navigate to="/sign-in" search={{ next: "/setup" }} />;
  return <AfterSignIn me={me.data} />;
}

function AfterSignIn({ me }: { me: Me }) {
  const [kept, keep] = useStored("setup-step", "1");
  const step = Math.min(4, Math.max(1, Number(kept) || 1));
  const go = (to: number) => {
    keep(String(to));
    window.scrollTo({ top: 0 });
  };
  const onward = { onDone: () => go(step + 1), onSkip: () => go(step + 1) };
  return (
    <SetupFrame step={step} onStep={go}>
      {step === 1 && <ReachStep me={me} {...onward} />}
      {step === 2 && <WatchStep {...onward} />}
      {step === 3 && <NextPersonStep me={me} {...onward} />}
      {step === 4 && <FinishStep me={me} />}
    </SetupFrame>
  );
}
