import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import { plural } from "../../lib/format.ts";
import type { User, UserUses } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Select } from "../../ui/input.tsx";
import { Loaded, SkeletonRows } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { usersQuery, usesQuery } from "./queries.ts";

type Use = UserUses["items"][number];

const KINDS: Record<Use["type"], string> = {
  schedule: "Schedule",
  override: "Override",
  escalation_policy: "Escalation policy",
  action_item: "Action item",
  team: "Team",
  service: "Service",
};

/** Ends a person's access: shows where they are still needed, and asks who takes those places. */
export function DeactivateDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const uses = useQuery(usesQuery(user.id));
  const people = useQuery(usersQuery("true"));
  const [replacement, setReplacement] = useState("");
  const formId = useId();
  const deactivate = useMutation({
    mutationFn: () => api.post<User>(`/users/${user.id}/deactivate`, { replace_with: replacement || null }),
    onSuccess: () => {
      for (const key of ["users", "teams", "schedules", "escalation-policies", "oncall"])
        void queryClient.invalidateQueries({ queryKey: [key] });
      toast.done(`${user.name} no longer has access.`);
      onClose();
    },
  });
  const others = (people.data?.items ?? []).filter(({ id }) => id !== user.id);
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Deactivate ${user.name}?`}
      description="They are signed out everywhere and paged no more. What they wrote stays under their name."
      footer={
        <>
          <Button onClick={onClose}>Keep their access</Button>
          <Button
            type="submit"
            form={formId}
            variant="danger"
            busy={deactivate.isPending}
            disabled={uses.data === undefined}
          >
            Deactivate
          </Button>
        </>
      }
    >
      <Form
        id={formId}
        problem={deactivate.error}
        onSubmit={() => deactivate.mutate()}
        className="flex flex-col gap-5"
      >
        <FormProblem problem={deactivate.error} />
        <Loaded query={uses} skeleton={<SkeletonRows rows={3} />}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="text-sm text-muted">Nothing depends on them.</p>
            ) : (
              <>
                <UseList items={items} />
                <Select
                  label="Who takes these places?"
                  pointer="/replace_with"
                  value={replacement}
                  onChange={setReplacement}
                  options={[
                    { value: "", label: "Nobody: leave the places empty where that is possible" },
                    ...others.map(({ email, name }) => ({ value: email, label: `${name} (${email})` })),
                  ]}
                />
              </>
            )
          }
        </Loaded>
      </Form>
    </Dialog>
  );
}

const UseList = ({ items }: { items: readonly Use[] }) => (
  <section>
    <h3 className="text-sm font-medium">They are still needed in {plural(items.length, "place")}</h3>
    <ul className="mt-2 max-h-56 divide-y divide-line overflow-y-auto rounded-md border border-line">
      {items.map((use) => (
        <li key={`${use.type}${use.slug}${use.detail}`} className="px-3 py-2 text-sm">
          <span className="font-medium">{use.name}</span>
          <span className="block text-xs text-muted">
            {KINDS[use.type]}
            {use.detail && ` · ${use.detail}`}
          </span>
        </li>
      ))}
    </ul>
  </section>
);
