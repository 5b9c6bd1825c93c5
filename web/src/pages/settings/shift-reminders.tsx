import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "../../app/query.ts";
import { useMe } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import type { Reminders } from "../../lib/types.ts";
import { Card } from "../../ui/card.tsx";
import { Switch } from "../../ui/choice.tsx";
import { Select } from "../../ui/input.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";

const remindersQuery = (userId: string) =>
  queryOptions({
    queryKey: ["shift-reminders", userId],
    queryFn: ({ signal }) => api.get<Reminders>(`/users/${userId}/shift-reminders`, {}, signal),
  });

const HOURS = [
  { value: "", label: "Not before" },
  { value: "1", label: "1 hour before" },
  { value: "12", label: "12 hours before" },
  { value: "24", label: "A day before" },
  { value: "48", label: "2 days before" },
  { value: "168", label: "A week before" },
  { value: "168,24", label: "A week and a day before" },
];

/** When I am told of my shifts. Each choice is kept at once. */
export function ShiftReminders() {
  const { user } = useMe();
  const query = useQuery(remindersQuery(user.id));
  const save = useMutation({
    mutationFn: (next: Reminders) => api.put<Reminders>(`/users/${user.id}/shift-reminders`, next),
    onSuccess: (kept) => queryClient.setQueryData(remindersQuery(user.id).queryKey, kept),
    onError: toast.failed,
  });
  return (
    <Card title="Shift reminders">
      <Loaded query={query} skeleton={<Skeleton className="h-24" />}>
        {(stored) => {
          const now = save.isPending ? save.variables : stored;
          const hours = now.before_hours.join(",");
          // What was chosen by the API stays as it is until something else is chosen.
          const own = HOURS.some(({ value }) => value === hours)
            ? []
            : [{ value: hours, label: `${now.before_hours.join(" and ")} hours before` }];
          return (
            <div className="flex flex-col gap-5 pt-1">
              <Select
                label="Before a shift"
                value={hours}
                onChange={(value) =>
                  save.mutate({ ...now, before_hours: value === "" ? [] : value.split(",").map(Number) })
                }
                options={[...HOURS, ...own]}
              />
              <Switch
                label="When it begins"
                checked={now.at_start}
                onChange={(at_start) => save.mutate({ ...now, at_start })}
              />
              <Switch
                label="When it ends"
                checked={now.at_end}
                onChange={(at_end) => save.mutate({ ...now, at_end })}
              />
              <p className="text-sm text-muted">
                They come by your low-urgency contact methods, after your quiet hours.
              </p>
            </div>
          );
        }}
      </Loaded>
    </Card>
  );
}
