import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { PageOf, Team } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Checkbox } from "../../ui/choice.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Avatars } from "../../ui/small.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { usersQuery } from "./queries.ts";

const KEY = ["teams", "list"];

/** Who belongs together: a team owns services and can be paged as one. */
export function TeamsPage() {
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.get<PageOf<Team>>("/teams", { limit: 500 }, signal),
  });
  const [editing, setEditing] = useState<Team | "new" | null>(null);
  const add = (
    <Button size="sm" variant="primary" onClick={() => setEditing("new")}>
      Add a team
    </Button>
  );
  return (
    <Card flush title="Teams" aside={add}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No team yet" action={add}>
              A team looks after services. Its members can be paged together.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line border-t border-line">
              {items.map((team) => (
                <li key={team.id} className="flex flex-wrap items-center gap-4 px-4 py-3 sm:px-5">
                  <div className="min-w-0 flex-1 basis-48">
                    <div className="text-sm font-medium">{team.name}</div>
                    <div className="text-xs text-muted num">
                      {team.members.length} members · {team.services} services
                    </div>
                  </div>
                  <Avatars names={team.members.map((member) => member.name)} />
                  <Button size="sm" onClick={() => setEditing(team)}>
                    Edit
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {editing && <TeamDialog team={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Card>
  );
}

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");

function TeamDialog({ team, onClose }: { team: Team | null; onClose: () => void }) {
  const people = useQuery(usersQuery("true")).data?.items ?? [];
  const [name, setName] = useState(team?.name ?? "");
  const [members, setMembers] = useState<readonly string[]>(team?.members.map((each) => each.email) ?? []);
  const save = useMutation({
    mutationFn: () =>
      team
        ? api.patch(`/teams/${team.slug}`, { name, members })
        : api.post("/teams", { slug: slugOf(name), name, members }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: KEY });
      onClose();
    },
  });
  return (
    <Dialog open onClose={onClose} title={team ? `Edit ${team.name}` : "Add a team"}>
      <Form problem={save.error} onSubmit={() => save.mutate()} className="grid gap-4">
        <Input label="Name" pointer="/name" value={name} onChange={(event) => setName(event.target.value)} />
        <fieldset className="grid gap-2">
          <legend className="mb-1 text-sm font-medium">Members</legend>
          {people.map(({ email, name: person }) => (
            <Checkbox
              key={email}
              label={person}
              checked={members.includes(email)}
              onChange={(checked) =>
                setMembers(checked ? [...members, email] : members.filter((each) => each !== email))
              }
            />
          ))}
        </fieldset>
        <FormProblem problem={save.error} />
        <div>
          <Button variant="primary" type="submit" busy={save.isPending}>
            Save
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
