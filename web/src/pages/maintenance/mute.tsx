import { useMutation } from "@tanstack/react-query";
import { Bell, BellOff } from "lucide-react";
import { useId, useState } from "react";
import { useMay } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import { nowMs } from "../../lib/clock.ts";
import { clockTime, dayTime, toMs } from "../../lib/time.ts";
import type { InMaintenance, Muted, Silence } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { LENGTHS } from "./lengths.ts";
import { refreshHolds } from "./queries.ts";

interface Thing {
  kind: "services" | "monitors";
  slug: string;
  name: string;
  muted: Muted | null;
}

/** Mutes a service or monitor for a while, or lets it page again. */
export function MuteButton({ thing }: { thing: Thing }) {
  const mayRespond = useMay("respond");
  const [asking, setAsking] = useState(false);
  const unmute = useMutation({
    mutationFn: () => api.post(`/${thing.kind}/${thing.slug}/unmute`),
    onSuccess: () => {
      refreshHolds();
      toast.done(`${thing.name} pages again. What still fails pages now.`);
    },
    onError: toast.failed,
  });
  if (!mayRespond) return null;
  return (
    <>
      {thing.muted ? (
        <Button busy={unmute.isPending} onClick={() => unmute.mutate()}>
          <Bell size={16} aria-hidden /> Unmute
        </Button>
      ) : (
        <Button onClick={() => setAsking(true)}>
          <BellOff size={16} aria-hidden /> Mute
        </Button>
      )}
      {asking && <MuteDialog thing={thing} onClose={() => setAsking(false)} />}
    </>
  );
}

function MuteDialog({ thing, onClose }: { thing: Thing; onClose: () => void }) {
  const [length, setLength] = useState("30m");
  const [reason, setReason] = useState("");
  const formId = useId();
  const mute = useMutation({
    mutationFn: () => api.post<Silence>(`/${thing.kind}/${thing.slug}/mute`, { for: length, reason }),
    onSuccess: ({ until }) => {
      refreshHolds();
      toast.done(`${thing.name} is muted until ${dayTime(toMs(until), nowMs())}.`);
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Mute ${thing.name}`}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" busy={mute.isPending}>
            Mute
          </Button>
        </>
      }
    >
      <Form id={formId} problem={mute.error} onSubmit={() => mute.mutate()} className="flex flex-col gap-4">
        <p className="text-sm text-muted">
          Checks go on and alerts are recorded, but page nobody. What still fails when the mute ends pages
          then. An incident that is already open goes on.
        </p>
        <FormProblem problem={mute.error} />
        <div className="grid gap-4 sm:grid-cols-[11rem_minmax(0,1fr)]">
          <Select label="For" pointer="/for" value={length} onChange={setLength} options={LENGTHS} />
          <Input
            label="Why?"
            pointer="/reason"
            optional
            autoFocus
            placeholder="I deploy 4711"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
      </Form>
    </Dialog>
  );
}

/** In maintenance, muted, or neither: why nobody would be paged, and until when. */
export function Quiet({ maintenance, muted }: { maintenance: InMaintenance | null; muted: Muted | null }) {
  if (!maintenance && !muted) return null;
  return (
    <div className="mb-6 flex flex-col gap-2">
      {maintenance && (
        <Line mark={<StateMark state="maintenance" />}>
          <strong className="font-semibold">In maintenance</strong> until <Until at={maintenance.until} />:{" "}
          {maintenance.name}. Its alerts wait until then.
        </Line>
      )}
      {muted && (
        <Line mark={<BellOff size={16} aria-hidden />}>
          <strong className="font-semibold">Muted</strong> until <Until at={muted.until} /> by {muted.by}
          {muted.reason ? `: ${muted.reason}` : ""}.
        </Line>
      )}
    </div>
  );
}

/** "14:30" today, else with its day. */
const soon = (ms: number, now: number): string =>
  ms - now < 20 * 3_600_000 ? clockTime(ms) : dayTime(ms, now);

export const Until = ({ at }: { at: string }) => <Time at={at} format={soon} />;

const Line = ({ mark, children }: { mark: React.ReactNode; children: React.ReactNode }) => (
  <p className="flex items-center gap-3 rounded-md bg-maintenance-soft px-4 py-2.5 text-sm text-maintenance">
    <span className="shrink-0">{mark}</span>
    <span className="min-w-0">{children}</span>
  </p>
);

/** A small mark beside a name that says the same. */
export function QuietBadge({
  maintenance,
  muted,
}: {
  maintenance: InMaintenance | null;
  muted: Muted | null;
}) {
  if (!maintenance && !muted) return null;
  return (
    <span className="inline-flex h-5 shrink-0 items-center gap-1 rounded-sm bg-maintenance-soft px-1.5 text-xs font-medium text-maintenance">
      {muted ? <BellOff size={12} aria-hidden /> : <StateMark state="maintenance" size={12} />}
      {muted ? "Muted" : "Maintenance"}
    </span>
  );
}
