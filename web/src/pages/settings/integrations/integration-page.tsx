import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { KeyRound, MoreHorizontal, Pause, Pencil, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { api, messageOf } from "../../../lib/api.ts";
import { plural } from "../../../lib/format.ts";
import type { Integration, IntegrationWithKey } from "../../../lib/types.ts";
import { Button, IconButton } from "../../../ui/button.tsx";
import { Card, Facts } from "../../../ui/card.tsx";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { Markdown } from "../../../ui/markdown.tsx";
import { Menu, MenuItem, MenuLine } from "../../../ui/menu.tsx";
import { Breadcrumb, PageHeader } from "../../../ui/page-header.tsx";
import { Loaded } from "../../../ui/states.tsx";
import { toast } from "../../../ui/toast.tsx";
import { integrationRoute } from "../routes.tsx";
import { IntegrationDialog } from "./integration-dialog.tsx";
import { IntegrationState } from "./integration-state.tsx";
import { KeyDialog } from "./key-dialog.tsx";
import { integrationKindsQuery, integrationQuery, integrationsChanged } from "./queries.ts";
import { ReceivedList } from "./received-list.tsx";
import { TryPayload } from "./try-payload.tsx";

/** One integration: how it is, what came, how to set it up, and what a payload would become. */
export function IntegrationPage() {
  const { slug } = integrationRoute.useParams();
  const query = useQuery(integrationQuery(slug));
  return <Loaded query={query}>{(integration) => <Shown integration={integration} />}</Loaded>;
}

type Doing = "edit" | "rotate" | "delete" | null;

function Shown({ integration }: { integration: Integration }) {
  const [doing, setDoing] = useState<Doing>(null);
  const [made, setMade] = useState<IntegrationWithKey | null>(null);
  return (
    <>
      <PageHeader
        title={integration.name}
        crumbs={
          <Breadcrumb>
            <Link to="/settings/integrations">Integrations</Link>
          </Breadcrumb>
        }
        lead={<IntegrationState integration={integration} />}
        actions={integration.may_edit && <Actions integration={integration} onDo={setDoing} />}
      />
      <div className="flex flex-col gap-6">
        {integration.state === "not_understood" && integration.last_received?.why && (
          <p role="status" className="rounded-md bg-degraded-soft px-3 py-2 text-sm text-degraded">
            What came last can't be read: {integration.last_received.why.replaceAll("`", "")}.
          </p>
        )}
        <Definition integration={integration} />
        {integration.may_edit && <ReceivedList slug={integration.slug} />}
        <SetUp integration={integration} />
        <TryPayload integration={integration} />
      </div>
      {doing === "edit" && <IntegrationDialog integration={integration} onClose={() => setDoing(null)} />}
      {doing === "rotate" && (
        <RotateDialog integration={integration} onClose={() => setDoing(null)} onMade={setMade} />
      )}
      {doing === "delete" && <DeleteDialog integration={integration} onClose={() => setDoing(null)} />}
      {made && <KeyDialog made={made} onClose={() => setMade(null)} />}
    </>
  );
}

function Actions({ integration, onDo }: { integration: Integration; onDo: (what: Doing) => void }) {
  const { slug, paused, managed_by } = integration;
  const pause = useMutation({
    mutationFn: () => api.post(`/integrations/${slug}/${paused ? "resume" : "pause"}`),
    onSuccess: async () => {
      await integrationsChanged();
      toast.done(paused ? "It takes in events again." : "Paused: what fired is resolved.");
    },
    onError: (error) => toast.failed(messageOf(error)),
  });
  return (
    <>
      <Button busy={pause.isPending} onClick={() => pause.mutate()}>
        {paused ? <Play size={15} aria-hidden /> : <Pause size={15} aria-hidden />}
        {paused ? "Resume" : "Pause"}
      </Button>
      {managed_by === "ui" && (
        <Button onClick={() => onDo("edit")}>
          <Pencil size={15} aria-hidden /> Change
        </Button>
      )}
      <Menu trigger={<IconButton label="More" icon={<MoreHorizontal size={18} />} />}>
        <MenuItem icon={<KeyRound size={15} />} onSelect={() => onDo("rotate")}>
          Make a new key
        </MenuItem>
        <MenuLine />
        <MenuItem icon={<Trash2 size={15} />} danger onSelect={() => onDo("delete")}>
          Delete
        </MenuItem>
      </Menu>
    </>
  );
}

function Definition({ integration }: { integration: Integration }) {
  const { title, slug, service, severity, urgency, auto_resolve_after: silence, firing } = integration;
  return (
    <Card>
      <Facts
        columns={3}
        items={[
          ["Reads", title],
          [
            "Service",
            service ? (
              <Link
                key="service"
                to="/services/$slug"
                params={{ slug: service.slug }}
                className="underline underline-offset-4"
              >
                {service.name}
              </Link>
            ) : (
              "None"
            ),
          ],
          ["Firing now", firing === 0 ? "Nothing" : plural(firing, "alert")],
          ["Severity when it says none", severity ?? "SEV3"],
          ["Urgency when it says none", urgency ?? "The service's"],
          ["What falls silent", silence ? `Is resolved after ${silence}` : "Keeps firing"],
          ["Called in configuration", <code key="slug">{slug}</code>],
        ]}
      />
    </Card>
  );
}

function SetUp({ integration }: { integration: Integration }) {
  const kinds = useQuery(integrationKindsQuery);
  const kind = kinds.data?.items.find((each) => each.kind === integration.kind);
  if (!kind) return null;
  return (
    <Card title="How to set it up">
      <p className="mb-3 text-sm text-muted">
        Put the key where it says <code>KEY</code>. It was shown when it was made, and is kept sealed; lost, a
        new one is made from the menu above.
      </p>
      <div className="min-w-0 text-sm [&_pre]:overflow-x-auto [&_table]:block [&_table]:overflow-x-auto">
        <Markdown>{kind.setup}</Markdown>
      </div>
    </Card>
  );
}

function RotateDialog({
  integration,
  onClose,
  onMade,
}: {
  integration: Integration;
  onClose: () => void;
  onMade: (made: IntegrationWithKey) => void;
}) {
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="Make a new key?"
      confirm="Make a new key"
      danger
      onConfirm={async () =>
        onMade(await api.post<IntegrationWithKey>(`/integrations/${integration.slug}/rotate-key`))
      }
    >
      The old key is refused from then on: nothing that still uses it pages anybody.
    </ConfirmDialog>
  );
}

function DeleteDialog({ integration, onClose }: { integration: Integration; onClose: () => void }) {
  const navigate = useNavigate();
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Delete ${integration.name}?`}
      confirm="Delete"
      danger
      onConfirm={async () => {
        await api.delete(`/integrations/${integration.slug}`);
        await navigate({ to: "/settings/integrations" });
        void integrationsChanged();
        toast.done(`${integration.name} is deleted.`);
      }}
    >
      Its key stops working, what it received goes, and what fires of it is resolved.
    </ConfirmDialog>
  );
}
