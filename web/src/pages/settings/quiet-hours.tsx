import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { User } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Switch } from "../../ui/choice.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Loaded, SkeletonRows } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { Window } from "../oncall/restrictions.tsx";
import { findingsQuery } from "./queries.ts";

type QuietHours = NonNullable<User["quiet_hours"]>;

const NIGHT: QuietHours = [{ from: "22:00", to: "07:00" }];

const userQuery = (id: string) =>
  queryOptions({
    queryKey: ["users", "one", id],
    queryFn: ({ signal }) => api.get<User>(`/users/${id}`, {}, signal),
  });

/** When a person is left alone at low urgency. */
export function QuietHoursCard({ person }: { person: string }) {
  const query = useQuery(userQuery(person));
  return (
    <Card title="Quiet hours">
      <Loaded query={query} skeleton={<SkeletonRows rows={1} />}>
        {(user) => <Hours key={JSON.stringify(user.quiet_hours)} user={user} />}
      </Loaded>
    </Card>
  );
}

function Hours({ user }: { user: User }) {
  const [draft, setDraft] = useState(user.quiet_hours);
  const save = useMutation({
    mutationFn: () => api.patch<User>(`/users/${user.id}`, { quiet_hours: draft }),
    onSuccess: (saved) => {
      queryClient.setQueryData(userQuery(user.id).queryKey, saved);
      void queryClient.invalidateQueries(findingsQuery(user.id));
      toast.done("Saved.");
    },
  });
  const changed = JSON.stringify(draft) !== JSON.stringify(user.quiet_hours);
  return (
    <Form problem={save.error} onSubmit={() => save.mutate()} className="flex flex-col gap-4">
      <FormProblem problem={save.error} />
      <Switch
        label="Leave me alone at certain hours"
        help="Low-urgency pages wait until they end, and are not sent if somebody has answered by then. High urgency always comes through."
        checked={draft !== null}
        onChange={(on) => setDraft(on ? NIGHT : null)}
      />
      {draft?.map((window, at) => (
        <Window
          // biome-ignore lint/suspicious/noArrayIndexKey: a window is its place
          key={at}
          window={window}
          pointer={`/quiet_hours/${at}`}
          onChange={(next) => setDraft(draft.with(at, next))}
          onRemove={draft.length > 1 ? () => setDraft(draft.toSpliced(at, 1)) : undefined}
        />
      ))}
      {draft && (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button size="sm" onClick={() => setDraft([...draft, { days: ["sat", "sun"] }])}>
            <Plus size={15} aria-hidden /> Add more hours
          </Button>
          <span className="text-sm text-muted">
            By the clock of your time zone, {user.time_zone.replaceAll("_", " ")}.
          </span>
        </div>
      )}
      {changed && (
        <div className="flex gap-2">
          <Button type="submit" variant="primary" busy={save.isPending}>
            Save quiet hours
          </Button>
          <Button variant="ghost" onClick={() => setDraft(user.quiet_hours)}>
            Undo changes
          </Button>
        </div>
      )}
    </Form>
  );
}
