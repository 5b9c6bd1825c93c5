import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { queryClient } from "../../app/query.ts";
import { meQuery } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import type { Role, User } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { RadioCards } from "../../ui/choice.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import { ROLE_OPTIONS, ROLE_WORDS } from "./roles.ts";
import { TeamBoxes } from "./team-boxes.tsx";

/** What a person may do, and the teams they belong to. */
export function PersonDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const [role, setRole] = useState(user.role);
  const [teams, setTeams] = useState<readonly string[]>(user.teams.map(({ slug }) => slug));
  const formId = useId();
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
    <Dialog
      open
      onClose={onClose}
      title={user.name}
      description={user.email}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" busy={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <Form id={formId} problem={save.error} onSubmit={() => save.mutate()} className="flex flex-col gap-5">
        <FormProblem problem={save.error} />
        <RadioCards
          label="What they may do"
          pointer="/role"
          value={role}
          onChange={(next) => setRole(next as Role)}
          options={ROLE_OPTIONS.map(({ value, label }) => ({ value, label, help: ROLE_WORDS[value].help }))}
        />
        <TeamBoxes chosen={teams} onChange={setTeams} />
      </Form>
    </Dialog>
  );
}
