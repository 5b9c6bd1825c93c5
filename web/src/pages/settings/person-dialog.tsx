import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { meQuery } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import type { Role, User } from "../../lib/types.ts";
import { RadioCards } from "../../ui/choice.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { ROLE_OPTIONS, ROLE_WORDS } from "./roles.ts";
import { TeamBoxes } from "./team-boxes.tsx";

/** What a person may do, and the teams they belong to. */
export function PersonDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const [role, setRole] = useState(user.role);
  const [teams, setTeams] = useState<readonly string[]>(user.teams.map(({ slug }) => slug));
  const save = useMutation({
    mutationFn: () => api.patch<User>(`/users/${user.id}`, { role, teams }),
    onSuccess: () => {
      for (const queryKey of [["users"], ["teams"], meQuery.queryKey])
        void queryClient.invalidateQueries({ queryKey });
      toast.done(`${user.name} is changed.`);
      onClose();
    },
  });
  return (
    <FormDialog
      title={user.name}
      description={user.email}
      submit="Save"
      busy={save.isPending}
      problem={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <RadioCards
        label="What they may do"
        pointer="/role"
        value={role}
        onChange={(next) => setRole(next as Role)}
        options={ROLE_OPTIONS.map(({ value, label }) => ({ value, label, help: ROLE_WORDS[value].help }))}
      />
      <TeamBoxes chosen={teams} onChange={setTeams} />
    </FormDialog>
  );
}
