import { useMutation } from "@tanstack/react-query";
import { BellOff } from "lucide-react";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { meQuery, useMe } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import { dayTime } from "../../lib/time.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { Countdown, Time } from "../../ui/time.tsx";

const LENGTHS = [
  { value: "15", label: "15 minutes" },
  { value: "30", label: "30 minutes" },
  { value: "60", label: "1 hour" },
  { value: "120", label: "2 hours" },
  { value: "240", label: "4 hours" },
] as const;

const refresh = () => queryClient.invalidateQueries(meQuery);

/** Stops every page for a while, with a reason; and lets them go again. */
export function PausePaging() {
  const { paging_paused: paused } = useMe().installation;
  return <Card title="Pause all paging">{paused ? <Paused paused={paused} /> : <Pause />}</Card>;
}

function Pause() {
  const [minutes, setMinutes] = useState("30");
  const [reason, setReason] = useState("");
  const pause = useMutation({
    mutationFn: () => api.post("/installation/pause-paging", { minutes: Number(minutes), reason }),
    onSuccess: refresh,
  });
  return (
    <Form problem={pause.error} onSubmit={() => pause.mutate()} className="flex flex-col gap-4">
      <p className="text-sm text-muted">
        Monitors go on checking and incidents still open, but nobody is woken. Paging comes back by itself,
        and a strip on every page says that it is paused.
      </p>
      <FormProblem problem={pause.error} />
      <div className="grid gap-4 sm:grid-cols-[11rem_minmax(0,1fr)]">
        <Select label="For" pointer="/minutes" value={minutes} onChange={setMinutes} options={LENGTHS} />
        <Input
          label="Why?"
          pointer="/reason"
          optional
          placeholder="We move the data centre"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      <div>
        <Button type="submit" variant="danger" busy={pause.isPending}>
          <BellOff size={16} aria-hidden /> Pause all paging
        </Button>
      </div>
    </Form>
  );
}

function Paused({ paused }: { paused: { until: string; by: string } }) {
  const resume = useMutation({
    mutationFn: () => api.delete("/installation/pause-paging"),
    onSuccess: refresh,
  });
  return (
    <div className="flex flex-col gap-3">
      <FormProblem problem={resume.error} />
      <div className="flex flex-wrap items-center justify-between gap-4">
        <p className="min-w-0 flex-1 basis-60 text-sm">
          <span className="font-medium">{paused.by} paused all paging.</span> It comes back in{" "}
          <Countdown to={paused.until} />, on <Time at={paused.until} format={dayTime} />.
        </p>
        <Button variant="primary" busy={resume.isPending} onClick={() => resume.mutate()}>
          Page again now
        </Button>
      </div>
    </div>
  );
}
