import { CircleCheck, CircleDashed, CirclePause, TriangleAlert } from "lucide-react";
import type { Integration } from "../../../lib/types.ts";
import { Time } from "../../../ui/time.tsx";

const STATES = {
  waiting: { icon: CircleDashed, words: "Nothing has come yet", color: "text-muted" },
  working: { icon: CircleCheck, words: "Works", color: "text-up" },
  not_understood: { icon: TriangleAlert, words: "Sends what can't be read", color: "text-degraded" },
  paused: { icon: CirclePause, words: "Paused", color: "text-muted" },
} as const;

/** How an integration is, and when something came last. */
export function IntegrationState({ integration }: { integration: Integration }) {
  const { icon: Icon, words, color } = STATES[integration.state];
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5 gap-y-0.5 text-sm">
      <Icon size={15} className={color} aria-hidden />
      <span>{words}</span>
      {integration.last_received && (
        <span className="text-muted">
          · last received <Time at={integration.last_received.at} />
        </span>
      )}
    </span>
  );
}
