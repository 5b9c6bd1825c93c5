import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { ApiToken } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Badge } from "../../ui/small.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { type Column, Table } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { ROLE_WORDS } from "./roles.ts";
import { TokenDialog } from "./token-dialog.tsx";
import { tokensQuery } from "./token-queries.ts";

const quiet = (words: string) => <span className="text-faint">{words}</span>;

const columnsWith = (revoke: (token: ApiToken) => void): readonly Column<ApiToken>[] => [
  {
    id: "name",
    header: "Token",
    width: "minmax(0,2fr)",
    cell: (token) => (
      <div className="min-w-0">
        <div className="flex items-center gap-2">
          <span className="truncate font-medium">{token.name}</span>
          {token.team && <Badge>{token.team.name}</Badge>}
        </div>
        <div className="truncate text-xs text-muted">Made by {token.created_by}</div>
      </div>
    ),
  },
  {
    id: "role",
    header: "May act as",
    width: "8rem",
    hide: "phone",
    cell: ({ role }) => ROLE_WORDS[role].name,
  },
  {
    id: "used",
    header: "Last used",
    width: "7rem",
    hide: "phone",
    cell: ({ last_used_at: at }) => (at ? <Time at={at} /> : quiet("Never")),
  },
  {
    id: "expires",
    header: "Expires",
    width: "7rem",
    hide: "tablet",
    cell: ({ expires_at: at }) => (at ? <Time at={at} /> : quiet("Never")),
  },
  {
    id: "revoke",
    header: <span className="sr-only">Revoke</span>,
    width: "84px",
    align: "right",
    cell: (token) => (
      <Button size="sm" onClick={() => revoke(token)} aria-label={`Revoke ${token.name}`}>
        Revoke
      </Button>
    ),
  },
];

/** Keys for scripts and other programs. */
export function TokensPage() {
  const query = useQuery(tokensQuery);
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiToken | null>(null);
  const [columns] = useState(() => columnsWith(setRevoking));
  const make = (
    <Button variant="primary" onClick={() => setMaking(true)}>
      <Plus size={16} aria-hidden /> Make a token
    </Button>
  );
  return (
    <>
      <PageHeader
        title="API tokens"
        lead={
          <>
            Let scripts and other programs in. They send{" "}
            <code className="text-xs">Authorization: Bearer …</code>
          </>
        }
        actions={make}
      />
      <Card flush>
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon={<KeyRound size={22} />} title="No token yet" action={make}>
                With a token a script, a deployment or an alert source can talk to Keepwatch.
              </EmptyState>
            ) : (
              <Table label="API tokens" columns={columns} rows={items} keyOf={({ id }) => id} />
            )
          }
        </Loaded>
      </Card>
      {making && <TokenDialog onClose={() => setMaking(false)} />}
      {revoking && (
        <ConfirmDialog
          open
          onClose={() => setRevoking(null)}
          title={`Revoke ${revoking.name}?`}
          confirm="Revoke"
          danger
          onConfirm={async () => {
            await api.delete(`/tokens/${revoking.id}`);
            await queryClient.invalidateQueries(tokensQuery);
            toast.done(`${revoking.name} is revoked.`);
          }}
        >
          Whatever uses it is refused from this moment. It can't be brought back.
        </ConfirmDialog>
      )}
    </>
  );
}
