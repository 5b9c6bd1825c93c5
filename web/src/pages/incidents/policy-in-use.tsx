import { useQuery } from "@tanstack/react-query";
import { clockTime } from "../../lib/time.ts";
import type { Incident } from "../../lib/types.ts";
import { Time } from "../../ui/time.tsx";
import { policyInUseQuery } from "./queries.ts";

/** Which path is taken and why, and the policy as it was when the round began: what is edited since doesn't count. */
export function PolicyInUse({
  incident,
  policy,
}: {
  incident: Incident;
  policy: NonNullable<Incident["policy"]>;
}) {
  const query = useQuery(policyInUseQuery(incident.id));
  const changes = query.data?.changes ?? [];
  return (
    <details className="mb-4 text-sm">
      <summary className="cursor-pointer text-muted select-none max-sm:min-h-11">
        The policy
        {policy.copied_at && (
          <>
            {" as it was at "}
            <Time at={policy.copied_at} format={(ms) => clockTime(ms)} className="num" />
          </>
        )}
        {changes.length > 0 && <span className="font-medium text-text">; it has changed since</span>}
        {policy.path && (
          <span className="block text-text">
            {policy.path.name === null ? "Its own levels" : `Path "${policy.path.name}"`}:{" "}
            {policy.path.because}
          </span>
        )}
      </summary>
      <ul className="mt-2 flex flex-col gap-1 rounded-md bg-sunken px-3 py-2 text-xs">
        {(query.data?.lines ?? []).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {changes.length > 0 && (
        <div className="mt-2 rounded-md bg-sunken px-3 py-2 text-xs">
          <p className="font-medium">Changed since; it counts from the next round on:</p>
          <ul className="mt-1 flex flex-col gap-1">
            {changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        </div>
      )}
    </details>
  );
}
