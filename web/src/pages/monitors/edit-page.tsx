import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { patchObject } from "../../app/patch.ts";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { Monitor } from "../../lib/types.ts";
import { Button, buttonClass } from "../../ui/button.tsx";
import { Breadcrumb, PageHeader } from "../../ui/page-header.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { draftOf, patchBody } from "./draft.ts";
import { MonitorEditor } from "./editor.tsx";
import { monitorQuery } from "./queries.ts";
import { editMonitorRoute } from "./routes.tsx";
import { useTry } from "./use-try.ts";

/** Changes a monitor, by form or as YAML, with its check beside it. */
export function EditMonitorPage() {
  const { slug } = editMonitorRoute.useParams();
  const query = useQuery(monitorQuery(slug));
  return (
    <Loaded query={query} skeleton={<Skeleton className="h-120" />}>
      {(monitor) => <Edit key={monitor.slug} monitor={monitor} />}
    </Loaded>
  );
}

function Edit({ monitor }: { monitor: Monitor }) {
  const [draft, setDraft] = useState(() => draftOf(monitor));
  const tried = useTry(draft, true);
  const navigate = useNavigate();
  const { slug } = monitor;
  const save = useMutation({
    mutationFn: () => api.patch<Monitor>(`/monitors/${slug}`, patchBody(draft)),
    onSuccess: async (changed) => {
      patchObject(queryClient, ["monitors"], changed);
      toast.done("Saved. It holds from now on.");
      await navigate({ to: "/monitors/$slug", params: { slug } });
    },
  });
  return (
    <>
      <PageHeader
        title={`Edit ${monitor.name}`}
        crumbs={
          <Breadcrumb>
            <Link to="/monitors" search={{}}>
              Monitors
            </Link>
            <Link to="/monitors/$slug" params={{ slug }}>
              {monitor.name}
            </Link>
          </Breadcrumb>
        }
      />
      <MonitorEditor
        draft={draft}
        onChange={setDraft}
        tried={tried}
        isNew={false}
        problem={save.error}
        onSave={() => save.mutate()}
        footer={
          <>
            <Link to="/monitors/$slug" params={{ slug }} className={buttonClass("ghost")}>
              Cancel
            </Link>
            <Button type="submit" variant="primary" busy={save.isPending}>
              Save
            </Button>
          </>
        }
      />
    </>
  );
}
