import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import { plural, slugify } from "../../lib/format.ts";
import type { Team, User } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/choice.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { toast } from "../../ui/toast.tsx";
import { usersQuery } from "./queries.ts";

interface Draft {
  name: string;
  members: readonly string[];
  leads: readonly string[];
}

const draftOf = (team: Team | undefined): Draft => ({
  name: team?.name ?? "",
  members: team?.members.map(({ email }) => email) ?? [],
  leads: team?.members.filter(({ lead }) => lead).map(({ email }) => email) ?? [],
});

const refresh = (): void => {
  for (const key of ["teams", "users", "services", "me"])
    void queryClient.invalidateQueries({ queryKey: [key] });
};

/** Adds a team, or changes the one given: its name, who is in it, who leads it. */
export function TeamDialog({ team, onClose }: { team?: Team; onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(team));
  const [deleting, setDeleting] = useState(false);
  const formId = useId();
  const save = useMutation({
    mutationFn: () =>
      team === undefined
        ? api.post<Team>("/teams", { ...draft, slug: slugify(draft.name) })
        : api.patch<Team>(`/teams/${team.slug}`, draft),
    onSuccess: () => {
      refresh();
      toast.done("Saved.");
      onClose();
    },
  });
  if (team !== undefined && deleting)
    return <DeleteTeam team={team} onKeep={() => setDeleting(false)} onDeleted={onClose} />;
  return (
    <Dialog
      open
      onClose={onClose}
      title={team === undefined ? "Add a team" : team.name}
      footer={
        <>
          {team && (
            <Button variant="danger" className="sm:mr-auto" onClick={() => setDeleting(true)}>
              Delete team
            </Button>
          )}
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" busy={save.isPending}>
            {team === undefined ? "Add" : "Save"}
          </Button>
        </>
      }
    >
      <Form id={formId} problem={save.error} onSubmit={() => save.mutate()} className="flex flex-col gap-5">
        <FormProblem problem={save.error} />
        <Input
          label="Name"
          pointer="/name"
          placeholder="Storefront"
          autoFocus={team === undefined}
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
        <Members draft={draft} onChange={setDraft} />
      </Form>
    </Dialog>
  );
}

function Members({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }) {
  const people = useQuery(usersQuery("true")).data?.items ?? [];
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">Members</legend>
      <ul className="max-h-72 divide-y divide-line overflow-y-auto rounded-md border border-line">
        {people.map((person) => (
          <Member key={person.id} person={person} draft={draft} onChange={onChange} />
        ))}
      </ul>
    </fieldset>
  );
}

const within = (list: readonly string[], email: string, on: boolean): readonly string[] =>
  on ? [...list, email] : list.filter((other) => other !== email);

function Member({
  person: { name, email },
  draft,
  onChange,
}: {
  person: User;
  draft: Draft;
  onChange: (draft: Draft) => void;
}) {
  const isMember = draft.members.includes(email);
  const join = (on: boolean) =>
    onChange({
      ...draft,
      members: within(draft.members, email, on),
      leads: on ? draft.leads : within(draft.leads, email, false),
    });
  return (
    <li className="flex min-h-11 items-center justify-between gap-4 px-3 py-2">
      <Checkbox label={name} checked={isMember} onChange={join} />
      {isMember && (
        <Checkbox
          label={
            <>
              Leads<span className="sr-only"> ({name})</span>
            </>
          }
          checked={draft.leads.includes(email)}
          onChange={(on) => onChange({ ...draft, leads: within(draft.leads, email, on) })}
        />
      )}
    </li>
  );
}

function DeleteTeam({ team, onKeep, onDeleted }: { team: Team; onKeep: () => void; onDeleted: () => void }) {
  const force = team.services > 0;
  return (
    <ConfirmDialog
      open
      onClose={onKeep}
      title={`Delete ${team.name}?`}
      confirm="Delete team"
      danger
      onConfirm={async () => {
        await api.delete(`/teams/${team.slug}${force ? "?force=true" : ""}`);
        refresh();
        onDeleted();
      }}
    >
      {force
        ? `Its ${plural(team.services, "service")} will belong to no team. Its members stay.`
        : "Its members stay; only the team goes."}
    </ConfirmDialog>
  );
}
