import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { Proposal, Schedule } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/choice.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { Picker } from "../../ui/picker.tsx";
import { toast } from "../../ui/toast.tsx";
import { usePeopleOptions } from "./people.ts";
import { ProposalView } from "./proposal-view.tsx";

const WEEKS = ["4", "8", "12", "26", "52"].map((value) => ({ value, label: `${value} weeks` }));
const TURNS = [
  { value: "", label: "as long as now" },
  { value: "1d", label: "1 day" },
  { value: "1w", label: "1 week" },
  { value: "2w", label: "2 weeks" },
];
const SEATS = [
  { value: "1", label: "1 person" },
  { value: "2", label: "2 people" },
  { value: "3", label: "3 people" },
];

const PASTS = [
  { value: "180", label: "the last 180 days" },
  { value: "90", label: "the last 90 days" },
  { value: "30", label: "the last 30 days" },
  { value: "0", label: "none: begin anew" },
];

interface Draft {
  /** The place of a layer; empty: all of them. */
  layer: string;
  as: "shifts" | "rotation";
  weeks: string;
  turn: string;
  seats: string;
  history: string;
  people: string[];
  skilled: string[];
  nights: string;
  nightDays: string;
  backToBack: boolean;
  timeOff: boolean;
}

function bodyOf(draft: Draft, seed: number) {
  return {
    as: draft.as,
    ...(draft.layer === "" ? {} : { layer: Number(draft.layer) }),
    weeks: Number(draft.weeks),
    ...(draft.turn === "" ? {} : { turn: draft.turn }),
    seats: draft.as === "rotation" ? 1 : Number(draft.seats),
    people: draft.people,
    history_days: Number(draft.history),
    constraints: {
      back_to_back: draft.backToBack,
      time_off: draft.timeOff,
      max_nights: draft.nights === "" ? null : { count: Number(draft.nights), days: Number(draft.nightDays) },
      skills: draft.skilled.length === 0 ? [] : [{ name: "what they know", people: draft.skilled }],
    },
    seed,
  };
}

/** Everybody whom the layer names, or all layers without one; each once. */
function peopleOf({ layers }: Schedule, layer: string): string[] {
  const asked = layer === "" ? layers : layers.slice(Number(layer), Number(layer) + 1);
  const named = asked.flatMap(({ users = [], shifts = [] }) => [
    ...users.flat(),
    ...shifts.flatMap(({ user, users: all }) => all ?? [user ?? null]),
  ]);
  return [...new Set(named.filter((email) => email !== null))];
}

/** One proposal for the whole schedule only where its layers have the same hours. */
function firstLayer({ layers }: Schedule): string {
  const hours = new Set(layers.map(({ only, time_zone }) => JSON.stringify([only, time_zone])));
  return hours.size > 1 ? "0" : "";
}

/** Asks for a fair rotation, shows what it would change for everybody, and applies it as the schedule's new layers. */
export function ProposeDialog({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const layer = firstLayer(schedule);
  const [draft, setDraft] = useState<Draft>({
    ...{ layer, people: peopleOf(schedule, layer), skilled: [] },
    ...{ as: "shifts", weeks: "12", turn: "", seats: "1", history: "180" },
    ...{ nights: "", nightDays: "14", backToBack: false, timeOff: true },
  });
  const [seed, setSeed] = useState(1);
  const formId = useId();
  const ask = useMutation({
    mutationFn: (next: number) => {
      setSeed(next);
      return api.post<Proposal>(`/schedules/${schedule.slug}/propose`, bodyOf(draft, next));
    },
  });
  const apply = useMutation({
    mutationFn: (layers: Proposal["layers"]) => api.patch(`/schedules/${schedule.slug}`, { layers }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["schedules"] });
      for (const key of ["oncall", "fairness", "me"]) void queryClient.invalidateQueries({ queryKey: [key] });
      toast.done("The proposal is the plan now. Whoever is on call stays until the next hand-off.");
      onClose();
    },
  });
  const found = ask.data;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Propose a fair rotation"
      description={`${schedule.name}: who had more gets less, by hours, nights, weekends and holidays.`}
      footer={
        found ? (
          <>
            <Button variant="ghost" onClick={() => ask.reset()}>
              Change the question
            </Button>
            <Button busy={ask.isPending} onClick={() => ask.mutate(seed + 1)}>
              Propose another
            </Button>
            <Button variant="primary" busy={apply.isPending} onClick={() => apply.mutate(found.layers)}>
              Apply
            </Button>
          </>
        ) : (
          <>
            <Button variant="ghost" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" form={formId} variant="primary" busy={ask.isPending}>
              Propose
            </Button>
          </>
        )
      }
    >
      {found ? (
        <Form problem={apply.error} onSubmit={() => apply.mutate(found.layers)}>
          <FormProblem problem={apply.error} />
          <ProposalView proposal={found} />
        </Form>
      ) : (
        <Form id={formId} problem={ask.error} onSubmit={() => ask.mutate(1)} className="flex flex-col gap-5">
          <FormProblem problem={ask.error} />
          <Question schedule={schedule} draft={draft} set={(change) => setDraft({ ...draft, ...change })} />
        </Form>
      )}
    </Dialog>
  );
}

function Question({
  schedule,
  draft,
  set,
}: {
  schedule: Schedule;
  draft: Draft;
  set: (change: Partial<Draft>) => void;
}) {
  const things = usePeopleOptions().map(({ value, label }) => ({ slug: value, name: label }));
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-4">
        <Select
          label="As"
          value={draft.as}
          onChange={(as) => set({ as: as as Draft["as"] })}
          options={[
            { value: "shifts", label: "shifts, one by one" },
            { value: "rotation", label: "an order that repeats" },
          ]}
        />
        <Select
          label="For the next"
          pointer="/weeks"
          value={draft.weeks}
          onChange={(weeks) => set({ weeks })}
          options={WEEKS}
        />
        <Select
          label="A turn lasts"
          pointer="/turn"
          value={draft.turn}
          onChange={(turn) => set({ turn })}
          options={TURNS}
        />
        {draft.as === "shifts" && (
          <Select
            label="At once"
            pointer="/seats"
            value={draft.seats}
            onChange={(seats) => set({ seats })}
            options={SEATS}
          />
        )}
      </div>
      <Select
        label="Past that counts"
        pointer="/history_days"
        help="Who carried more in it gets less. Somebody new has none, and gets more at first."
        value={draft.history}
        onChange={(history) => set({ history })}
        options={PASTS}
      />
      {schedule.layers.length > 1 && (
        <Select
          label="For"
          pointer="/layer"
          value={draft.layer}
          onChange={(next) => set({ layer: next, people: peopleOf(schedule, next), skilled: [] })}
          options={[
            { value: "", label: "the whole schedule" },
            ...schedule.layers.map((_, place) => ({
              value: String(place),
              label: `layer ${place + 1}, in its hours`,
            })),
          ]}
        />
      )}
      <Picker
        label="Who takes part"
        pointer="/people"
        things={things}
        chosen={draft.people}
        onChange={(people) => set({ people })}
      />
      <Picker
        label="In every turn, somebody of"
        pointer="/constraints/skills"
        things={things.filter(({ slug }) => draft.people.includes(slug))}
        chosen={draft.skilled.filter((email) => draft.people.includes(email))}
        onChange={(skilled) => set({ skilled })}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Input
          label="Nights at most"
          optional
          type="number"
          min={1}
          pointer="/constraints/max_nights/count"
          help="For one person. A week has seven."
          value={draft.nights}
          onChange={(event) => set({ nights: event.target.value })}
        />
        <Input
          label="within any so many days"
          type="number"
          min={1}
          pointer="/constraints/max_nights/days"
          value={draft.nightDays}
          onChange={(event) => set({ nightDays: event.target.value })}
        />
      </div>
      <Checkbox
        label="Nobody while out of office"
        checked={draft.timeOff}
        onChange={(timeOff) => set({ timeOff })}
      />
      <Checkbox
        label="Two turns in a row are fine"
        checked={draft.backToBack}
        onChange={(backToBack) => set({ backToBack })}
      />
    </>
  );
}
