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
import { toast } from "../../ui/toast.tsx";
import { PausePaging } from "./pause-paging.tsx";

/** What concerns all of Keepwatch: its name, whether it pages at all, its backup, its mail. */
export function InstallationPage() {
  return (
    <>
      <PageHeader title="Installation" />
      <div className="flex max-w-3xl flex-col gap-6">
        <About />
        <PausePaging />
        <Mail />
        <Backup />
      </div>
    </>
  );
}

function About() {
  const { installation } = useMe();
  const [name, setName] = useState(installation.name);
  const save = useMutation({
    mutationFn: () => api.patch("/installation", { name }),
    onSuccess: async () => {
      await queryClient.invalidateQueries(meQuery);
      toast.done("Saved.");
    },
  });
  return (
    <Card title="This installation">
      <Form problem={save.error} onSubmit={() => save.mutate()} className="flex flex-col gap-5 pt-1">
        <FormProblem problem={save.error} />
        <Input
          label="Name"
          pointer="/name"
          help="It stands in messages, so that people know who is paging them."
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Facts
          columns={2}
          items={[
            ["Address", installation.url],
            ["Version", installation.version],
          ]}
        />
        <div>
          <Button
            type="submit"
            variant="primary"
            disabled={name.trim() === installation.name}
            busy={save.isPending}
          >
            Save
          </Button>
        </div>
      </Form>
    </Card>
  );
}

function Mail() {
  const { installation } = useMe();
  return (
    <Card title="Outgoing mail">
      {installation.demo ? (
        <p className="text-sm text-muted">
          This is a demo: mail is caught rather than sent. Read it under “Caught mail”.
        </p>
      ) : installation.mail ? (
        <p className="text-sm text-muted">
          A mail server is set up. Send yourself a test under “How you are paged”.
        </p>
      ) : (
        <div className="rounded-md bg-degraded-soft p-4 text-sm text-degraded">
          <p className="font-semibold">No mail server is set up: pages and invitations can't go by mail.</p>
          <p className="mt-1">
            Set <code>KEEPWATCH_SMTP_URL</code> (for example{" "}
            <code className="break-all">smtps://user:password@mail.example.com</code>) and{" "}
            <code>KEEPWATCH_MAIL_FROM</code>, then start Keepwatch again.
          </p>
        </div>
      )}
    </Card>
  );
}

const Backup = () => (
  <Card title="Backup">
    <div className="flex flex-wrap items-center justify-between gap-4">
      <p className="min-w-0 flex-1 basis-72 text-sm text-muted">
        Everything in one file, to bring back with <code>keepwatch restore</code>. It holds secrets: keep it
        where only you can read it. One is also made each night in the data folder.
      </p>
      <a href={apiUrl("/backup")} download className={buttonClass()}>
        <Download size={16} aria-hidden /> Download a backup
      </a>
    </div>
  </Card>
);
