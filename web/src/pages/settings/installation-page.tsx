import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { meQuery, useMe } from "../../app/session.ts";
import { api, apiUrl } from "../../lib/api.ts";
import { Button, buttonClass } from "../../ui/button.tsx";
import { Card, Facts } from "../../ui/card.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";

const refresh = () => void queryClient.invalidateQueries({ queryKey: meQuery.queryKey });

/** What concerns everybody: the name, the switch that stops all paging for a while, the backup. */
export function InstallationPage() {
  const { installation } = useMe();
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <PageHeader title="Installation" />
      <Card>
        <Name />
        <div className="mt-6">
          <Facts
            columns={3}
            items={[
              ["Version", installation.version],
              ["Reached at", installation.url],
              [
                "Mail",
                installation.mail ? "configured" : "not configured: set KEEPWATCH_SMTP_URL and start again",
              ],
            ]}
          />
        </div>
      </Card>
      <Card title="Pause all paging">
        <Pause />
      </Card>
      <Card title="Backup">
        <p className="mb-3 text-sm text-muted">
          Everything in one file, as it is now. One is also made every night and kept for seven days. Guard
          it: whoever has it has everything.
        </p>
        <a className={buttonClass()} href={apiUrl("/backup")} download>
          <Download size={16} aria-hidden /> Download a backup
        </a>
      </Card>
    </div>
  );
}

function Name() {
  const { installation } = useMe();
  const [name, setName] = useState(installation.name);
  const save = useMutation({
    mutationFn: () => api.patch("/installation", { name }),
    onSuccess: () => {
      refresh();
      toast.done("Saved.");
    },
  });
  return (
    <Form
      problem={save.error}
      onSubmit={() => save.mutate()}
      className="flex max-w-lg flex-wrap items-end gap-3"
    >
      <Input
        className="flex-1"
        label="Name"
        pointer="/name"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" busy={save.isPending}>
        Save
      </Button>
    </Form>
  );
}

function Pause() {
  const { paging_paused: paused } = useMe().installation;
  const [reason, setReason] = useState("");
  const pause = useMutation({
    mutationFn: () => api.post("/installation/pause-paging", { minutes: 30, reason }),
    onSuccess: refresh,
  });
  const resume = useMutation({
    mutationFn: () => api.delete("/installation/pause-paging"),
    onSuccess: refresh,
    onError: toast.failed,
  });
  if (paused)
    return (
      <div className="flex flex-wrap items-center gap-4">
        <p className="text-sm">
          Paused by {paused.by} until <Time at={paused.until} />. Incidents are recorded; nobody is paged.
        </p>
        <Button variant="primary" busy={resume.isPending} onClick={() => resume.mutate()}>
          Page again
        </Button>
      </div>
    );
  return (
    <Form problem={pause.error} onSubmit={() => pause.mutate()} className="grid max-w-lg gap-3">
      <p className="text-sm text-muted">
        For 30 minutes nobody is paged. What still fails then pages. Everybody sees a red banner meanwhile.
      </p>
      <Input
        label="Why?"
        optional
        pointer="/reason"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <FormProblem problem={pause.error} />
      <div>
        <Button variant="danger" type="submit" busy={pause.isPending}>
          Pause all paging for 30 minutes
        </Button>
      </div>
    </Form>
  );
}
