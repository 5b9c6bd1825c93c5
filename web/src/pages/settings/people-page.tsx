import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { UserPlus, Users } from "lucide-react";
import { useState } from "react";
import type { User } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SearchBox } from "../../ui/search-box.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { type Column, Table } from "../../ui/table.tsx";
import { Segmented } from "../../ui/tabs.tsx";
import { FindingsBadge } from "./findings.tsx";
import { InviteDialog } from "./invite-dialog.tsx";
import { PersonMenu } from "./person-menu.tsx";
import { PersonName } from "./person-name.tsx";
import { type ActiveFilter, usersQuery } from "./queries.ts";
import { ROLE_WORDS } from "./roles.ts";
import { peopleRoute } from "./routes.tsx";

const columns: readonly Column<User>[] = [
  {
    id: "name",
    header: "Person",
    width: "minmax(0,2.4fr)",
    cell: (user) => (
      <span className="flex min-w-0 items-center gap-2">
        <PersonName user={user} />
        {user.active && <FindingsBadge person={user.id} />}
      </span>
    ),
  },
  {
    id: "role",
    header: "Role",
    width: "7rem",
    hide: "phone",
    cell: (user) => ROLE_WORDS[user.role].name,
  },
  {
    id: "teams",
    header: "Teams",
    width: "minmax(0,1.2fr)",
    hide: "tablet",
    cell: (user) =>
      user.teams.length === 0 ? (
        <span className="text-faint">–</span>
      ) : (
        <span className="block truncate">{user.teams.map(({ name }) => name).join(", ")}</span>
      ),
  },
  {
    id: "zone",
    header: "Time zone",
    width: "minmax(0,1fr)",
    hide: "tablet",
    cell: (user) => <span className="block truncate text-muted">{user.time_zone.replaceAll("_", " ")}</span>,
  },
  {
    id: "actions",
    header: <span className="sr-only">Actions</span>,
    width: "44px",
    align: "right",
    cell: (user) => <PersonMenu user={user} />,
  },
];

const matches = (user: User, words: string): boolean =>
  `${user.name} ${user.email}`.toLowerCase().includes(words.toLowerCase());

/** Who may come in, and as what. */
export function PeoplePage() {
  const { q = "", active = "true" } = peopleRoute.useSearch();
  const navigate = useNavigate();
  const query = useQuery(usersQuery(active));
  const [inviting, setInviting] = useState(false);
  const set = (change: { q?: string; active?: ActiveFilter }) =>
    void navigate({
      to: "/settings/people",
      search: (before) => ({ ...before, ...change }),
      replace: true,
      resetScroll: false,
    });
  return (
    <>
      <PageHeader
        title="People"
        actions={
          <Button variant="primary" onClick={() => setInviting(true)}>
            <UserPlus size={16} aria-hidden /> Invite a person
          </Button>
        }
      />
      <div className="mb-4 flex flex-wrap items-center gap-2">
        <SearchBox
          label="Search people"
          placeholder="Name or e-mail"
          className="w-64 max-sm:w-full"
          value={q}
          onChange={(words) => set({ q: words || undefined })}
        />
        <Segmented<ActiveFilter>
          label="Which people"
          value={active}
          onChange={(next) => set({ active: next === "true" ? undefined : next })}
          options={[
            { value: "true", label: "With access" },
            { value: "false", label: "Without" },
            { value: "all", label: "All" },
          ]}
        />
      </div>
      <Card flush>
        <Loaded query={query}>
          {({ items }) => {
            const shown = items.filter((user) => matches(user, q));
            return shown.length === 0 ? (
              <EmptyState
                icon={<Users size={22} />}
                title={q === "" ? "Nobody here" : `Nobody matches “${q}”`}
              >
                {active === "false"
                  ? "Everybody who was ever invited still has access."
                  : "Look among everybody, or invite them."}
              </EmptyState>
            ) : (
              <Table label="People" columns={columns} rows={shown} keyOf={(user) => user.id} />
            );
          }}
        </Loaded>
      </Card>
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </>
  );
}
