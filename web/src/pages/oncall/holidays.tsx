import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useId, useState } from "react";
import { queryClient } from "../../app/query.ts";
import { useMay } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import { listOf, plural, slugify } from "../../lib/format.ts";
import type { HolidayList } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Checkbox } from "../../ui/choice.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input, Textarea } from "../../ui/input.tsx";
import { Picker } from "../../ui/picker.tsx";
import { toast } from "../../ui/toast.tsx";
import { teamsQuery } from "../services/queries.ts";
import { holidayListsQuery } from "./load-queries.ts";
import { schedulesQuery } from "./queries.ts";

/** The days that weigh more, written down by those who have them. */
export function Holidays() {
  const lists = useQuery(holidayListsQuery).data?.items;
  const mayEdit = useMay("edit");
  const [open, setOpen] = useState<HolidayList | "new" | null>(null);
  if (!lists) return null;
  return (
    <Card
      title="Holidays"
      aside={
        mayEdit && (
          <Button size="sm" onClick={() => setOpen("new")}>
            <Plus size={15} aria-hidden /> Add a list
          </Button>
        )
      }
    >
      {lists.length === 0 ? (
        <p className="text-sm text-muted">
          No holidays are written down yet. An hour on call on one of them weighs two points more.
        </p>
      ) : (
        <ul className="flex flex-col divide-y divide-line">
          {lists.map((list) => (
            <li key={list.slug} className="flex items-center justify-between gap-4 py-2.5 text-sm">
              <div className="min-w-0">
                <div className="font-medium">{list.name}</div>
                <div className="text-muted">
                  {plural(list.days.length, "day")} · {whereOf(list)}
                </div>
              </div>
              {mayEdit && (
                <Button size="sm" aria-label={`Edit ${list.name}`} onClick={() => setOpen(list)}>
                  Edit
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {open && <HolidayDialog list={open === "new" ? null : open} onClose={() => setOpen(null)} />}
    </Card>
  );
}

function whereOf({ everywhere, teams, schedules }: HolidayList): string {
  if (everywhere) return "for everybody";
  const names = [...teams.map((team) => `team ${team.name}`), ...schedules.map(({ name }) => name)];
  return names.length === 0 ? "for nobody yet" : listOf(names, 3);
}

/** "2026-12-25 Christmas Day" on each line. */
const textOf = (days: HolidayList["days"]): string =>
  days.map(({ date, name }) => `${date} ${name}`).join("\n");

const daysOf = (text: string): { date: string; name: string }[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const [date = "", ...name] = line.split(/\s+/);
      return { date, name: name.join(" ") || "Holiday" };
    });

function HolidayDialog({ list, onClose }: { list: HolidayList | null; onClose: () => void }) {
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const schedules = useQuery(schedulesQuery).data?.items ?? [];
  const mayAdminister = useMay("administer");
  const [draft, setDraft] = useState({
    name: list?.name ?? "",
    everywhere: list?.everywhere ?? false,
    teams: list?.teams.map((team) => team.slug) ?? [],
    schedules: list?.schedules.map((schedule) => schedule.slug) ?? [],
    days: textOf(list?.days ?? []),
  });
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change });
  const formId = useId();
  const done = (text: string) => {
    void queryClient.invalidateQueries({ queryKey: ["holiday-lists"] });
    void queryClient.invalidateQueries({ queryKey: ["fairness"] });
    toast.done(text);
    onClose();
  };
  const save = useMutation({
    mutationFn: () => {
      const body = { ...draft, days: daysOf(draft.days) };
      return list
        ? api.patch(`/holiday-lists/${list.slug}`, body)
        : api.post("/holiday-lists", { slug: slugify(draft.name), ...body });
    },
    onSuccess: () => done(`${draft.name} is saved.`),
  });
  const remove = useMutation({
    mutationFn: () => api.delete(`/holiday-lists/${list?.slug}`),
    onSuccess: () => done(`${draft.name} is deleted.`),
  });
  const problem = save.error ?? remove.error;
  return (
    <Dialog
      open
      onClose={onClose}
      title={list ? list.name : "Add holidays"}
      description="Days that weigh two points more an hour when somebody is on call."
      footer={
        <>
          {list && (
            <Button variant="ghost" busy={remove.isPending} onClick={() => remove.mutate()}>
              Delete
            </Button>
          )}
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" busy={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <Form id={formId} problem={problem} onSubmit={() => save.mutate()} className="flex flex-col gap-4">
        <FormProblem problem={problem} />
        <Input
          label="Name"
          pointer="/name"
          placeholder="France"
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
        />
        {mayAdminister && (
          <Checkbox
            label="For every schedule"
            checked={draft.everywhere}
            onChange={(everywhere) => set({ everywhere })}
          />
        )}
        {!draft.everywhere && (
          <>
            <Picker
              label="Teams"
              pointer="/teams"
              things={teams}
              chosen={draft.teams}
              onChange={(chosen) => set({ teams: chosen })}
            />
            <Picker
              label="Schedules"
              pointer="/schedules"
              things={schedules}
              chosen={draft.schedules}
              onChange={(chosen) => set({ schedules: chosen })}
            />
          </>
        )}
        <Textarea
          label="Days"
          pointer="/days"
          rows={8}
          help="One on each line: the date, then its name."
          placeholder={"2026-12-25 Christmas Day\n2027-01-01 New Year's Day"}
          value={draft.days}
          onChange={(event) => set({ days: event.target.value })}
        />
      </Form>
    </Dialog>
  );
}
