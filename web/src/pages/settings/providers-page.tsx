import { useQuery } from "@tanstack/react-query";
import { Plus, RadioTower } from "lucide-react";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { Provider } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Badge } from "../../ui/small.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { ProviderDialog } from "./provider-dialog.tsx";
import { providersQuery } from "./provider-queries.ts";

const KEPT = { config: "From the configuration", environment: "From the environment" } as const;

/** The accounts that messages go through: a bot, a telephone company. */
export function ProvidersPage() {
  const query = useQuery(providersQuery);
  const [editing, setEditing] = useState<Provider | "new" | null>(null);
  const [removing, setRemoving] = useState<Provider | null>(null);
  const add = (
    <Button variant="primary" onClick={() => setEditing("new")}>
      <Plus size={16} aria-hidden /> Add a provider
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Providers"
        lead="The accounts that pages go out through. Of several of one kind the first that works carries the message."
        actions={add}
      />
      <Card flush>
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon={<RadioTower size={22} />} title="No provider yet" action={add}>
                E-mail and webhooks need none. With a Telegram bot, people are paged and answer in Telegram.
              </EmptyState>
            ) : (
              <ul className="divide-y divide-line">
                {items.map((provider) => (
                  <ProviderRow
                    key={provider.id}
                    provider={provider}
                    onEdit={() => setEditing(provider)}
                    onRemove={() => setRemoving(provider)}
                  />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Card>
      {editing && (
        <ProviderDialog provider={editing === "new" ? undefined : editing} onClose={() => setEditing(null)} />
      )}
      {removing && (
        <ConfirmDialog
          open
          onClose={() => setRemoving(null)}
          title={`Remove ${removing.slug}?`}
          confirm="Remove"
          danger
          onConfirm={async () => {
            await api.delete(`/providers/${removing.slug}`);
            await queryClient.invalidateQueries(providersQuery);
            void queryClient.invalidateQueries({ queryKey: ["channels"] });
            toast.done(`${removing.slug} is removed.`);
          }}
        >
          Pages that would go through it go to the next provider of its kind, or by people's next contact
          method.
        </ConfirmDialog>
      )}
    </>
  );
}

function ProviderRow({
  provider,
  onEdit,
  onRemove,
}: {
  provider: Provider;
  onEdit: () => void;
  onRemove: () => void;
}) {
  const { slug, label, managed_by, failing, callback_url } = provider;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 p-4">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{slug}</span>
          <span className="text-sm text-muted">{label}</span>
          {managed_by !== "ui" && (
            <Badge>{provider.kind === "web_push" ? "Made by Keepwatch" : KEPT[managed_by]}</Badge>
          )}
        </p>
        {failing && (
          <p className="text-sm text-down" role="status">
            No answers are heard since <Time at={failing.since} />: {failing.why}
          </p>
        )}
        {callback_url && (
          <p className="text-sm break-all text-muted">
            Answers come to <code className="text-xs">{callback_url}</code>
          </p>
        )}
      </div>
      {managed_by === "ui" && (
        <div className="flex gap-2">
          <Button size="sm" onClick={onEdit} aria-label={`Change ${slug}`}>
            Change
          </Button>
          <Button size="sm" onClick={onRemove} aria-label={`Remove ${slug}`}>
            Remove
          </Button>
        </div>
      )}
    </li>
  );
}
