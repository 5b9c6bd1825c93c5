import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { useMay } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import { STATE_WORDS } from "../../lib/state.ts";
import type { Monitor } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input, type Option, Select } from "../../ui/input.tsx";
import { Segmented } from "../../ui/tabs.tsx";
import { toast } from "../../ui/toast.tsx";
import { LENGTHS } from "../maintenance/lengths.ts";

type Said = "up" | "degraded" | "down";
const SAID: readonly Said[] = ["up", "degraded", "down"];
const HOLDS: readonly Option[] = [{ value: "", label: "Until it is set again" }, ...LENGTHS];

const THEN = { up: "Then it is unknown, until somebody says it again.", other: "Then it is up again." };

/** Where people say how a manual monitor is. Nothing on other kinds, and for those who only look on. */
export function ManualPanel({ monitor }: { monitor: Monitor }) {
  const mayRespond = useMay("respond");
  const [status, setStatus] = useState<Said>(monitor.status === "up" ? "down" : "up");
  const [reason, setReason] = useState("");
  const [length, setLength] = useState("");
  const set = useMutation({
    mutationFn: () =>
      api.post(`/monitors/${monitor.slug}/status`, {
        ...{ status, reason },
        ...(length === "" ? {} : { for: length }),
      }),
    onSuccess: () => {
      setReason("");
      setLength("");
      for (const key of ["monitors", "monitor-days"])
        void queryClient.invalidateQueries({ queryKey: [key], refetchType: "active" });
      toast.done(`${monitor.name} is ${STATE_WORDS[status].toLowerCase()} now.`);
    },
  });
  if (monitor.kind !== "manual" || monitor.paused || !mayRespond) return null;
  return (
    <Card title="Say how it is">
      <Form problem={set.error} onSubmit={() => set.mutate()} className="flex flex-col gap-4">
        <FormProblem problem={set.error} />
        <Segmented
          label="Status"
          options={SAID.map((value) => ({ value, label: STATE_WORDS[value] }))}
          value={status}
          onChange={setStatus}
        />
        <Input
          label="Why?"
          pointer="/reason"
          optional={status === "up"}
          help={status === "up" ? undefined : "Whoever is paged reads it."}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <Select
          label="For"
          pointer="/for"
          help={length === "" ? undefined : THEN[status === "up" ? "up" : "other"]}
          value={length}
          onChange={setLength}
          options={HOLDS}
        />
        <Button type="submit" variant="primary" busy={set.isPending}>
          Set to {STATE_WORDS[status].toLowerCase()}
        </Button>
      </Form>
    </Card>
  );
}
