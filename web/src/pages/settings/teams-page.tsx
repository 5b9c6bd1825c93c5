import { useQuery } from "@tanstack/react-query";
import { Plus, Users } from "lucide-react";
import { useState } from "react";
import { plural } from "../../lib/format.ts";
import type { Team } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Avatars, Badge } from "../../ui/small.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { type Column, Table } from "../../ui/table.tsx";
import { teamsQuery } from "../services/queries.ts";
import { TeamDialog } from "./team-dialog.tsx";

const columns: readonly Column<Team>[] = [
  {
    id: "name",
    header: "Team",
    width: "minmax(0,2fr)",
    cell: (team) => (
      <div className="min-w-0">
        <div className="flex items-center gap-2">
          <span className="truncate font-medium">{team.name}</span>
          {team.managed_by === "config" && <Badge>From the configuration</Badge>}
        </div>
        <div className="truncate text-xs text-muted">{leadsOf(team)}</div>
      </div>
    ),
  },
  {
    id: "members",
    header: "Members",
    width: "minmax(0,1fr)",
    phoneWidth: "auto",
    cell: ({ members }) =>
      members.length === 0 ? (
        <span className="text-faint">Nobody</span>
      ) : (
        <Avatars names={members.map(({ name }) => name)} most={5} />
      ),
  },
  {
    id: "services",
    header: "Services",
    width: "72px",
    align: "right",
    hide: "phone",
    cell: ({ services }) => (services === 0 ? <span className="text-faint">–</span> : services),
  },
];

function leadsOf({ members }: Team): string {
  const leads = members.filter(({ lead }) => lead).map(({ name }) => name);
  if (leads.length === 0) return plural(members.length, "member");
  return `Led by ${leads.join(" and ")}`;
}

/** Who belongs together: a team owns services, and its members may change them. */
export function TeamsPage() {
  const query = useQuery(teamsQuery);
  const [open, setOpen] = useState<Team | "new" | null>(null);
  const add = (
    <Button variant="primary" onClick={() => setOpen("new")}>
      <Plus size={16} aria-hidden /> Add a team
    </Button>
  );
  return (
    <>
      <PageHeader title="Teams" actions={add} />
      <Card flush>
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon={<Users size={22} />} title="No team yet" action={add}>
                A team owns services: its members may change them, and see what only the team may see.
              </EmptyState>
            ) : (
              <Table
                label="Teams"
                columns={columns}
                rows={items}
                keyOf={(team) => team.slug}
                onOpen={setOpen}
              />
            )
          }
        </Loaded>
      </Card>
      {open !== null && <TeamDialog team={open === "new" ? undefined : open} onClose={() => setOpen(null)} />}
    </>
  );
}
