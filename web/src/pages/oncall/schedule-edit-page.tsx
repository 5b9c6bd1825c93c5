import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { useMe } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import { nowMs } from "../../lib/clock.ts";
import { slugify } from "../../lib/format.ts";
import { browserZone } from "../../lib/time.ts";
import type { Layer, Schedule } from "../../lib/types.ts";
import { plusDays, wallOf, wallText, weekdayOf } from "../../lib/zone.ts";
import { Button, buttonClass } from "../../ui/button.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { Breadcrumb, PageHeader } from "../../ui/page-header.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { ZoneField } from "../../ui/zone-field.tsx";
import { teamsQuery } from "../services/queries.ts";
import { LayerEditor } from "./layer-editor.tsx";
import { scheduleQuery } from "./queries.ts";
import { editScheduleRoute } from "./routes.tsx";
import { SchedulePreview } from "./schedule-preview.tsx";

interface Draft {
  name: string;
  time_zone: string;
  team: string;
  layers: Layer[];
}

/** A week each from the last Monday at nine. */
function emptyLayer(zone: string, users: NonNullable<Layer["users"]>): Layer {
  const today = wallOf(nowMs(), zone);
  const monday = { ...plusDays(today, -weekdayOf(today)), hour: 9, minute: 0 };
  return { rotation: "weekly", starts: wallText(monday), users };
}

export function NewSchedulePage() {
  const me = useMe().user.email;
  const zone = browserZone();
  const [draft] = useState<Draft>(() => ({
    name: "",
    time_zone: zone,
    team: "",
    layers: [emptyLayer(zone, me === null ? [] : [me])],
  }));
  return <Editor start={draft} />;
}

export function EditSchedulePage() {
  const { slug } = editScheduleRoute.useParams();
  const query = useQuery(scheduleQuery(slug));
  return (
    <Loaded query={query} skeleton={<Skeleton className="h-96" />}>
      {(schedule) => (
        <Editor
          key={schedule.slug}
          slug={schedule.slug}
          start={{ ...schedule, team: schedule.team?.slug ?? "" }}
        />
      )}
    </Loaded>
  );
}

/** Name, zone and layers, with what they come to beside them as they are written. */
function Editor({ start, slug }: { start: Draft; slug?: string }) {
  const [draft, setDraft] = useState(start);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const teams = useQuery(teamsQuery);
  const save = useSave(draft, slug);
  return (
    <>
      <PageHeader
        title={slug === undefined ? "Add a schedule" : `Edit ${start.name}`}
        crumbs={
          <Breadcrumb>
            <Link to="/oncall">On call</Link>
          </Breadcrumb>
        }
      />
      <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,30rem)_minmax(0,1fr)]">
        <Form problem={save.error} onSubmit={() => save.mutate()} className="flex min-w-0 flex-col gap-5">
          <FormProblem problem={save.error} />
          <Input
            label="Name"
            pointer="/name"
            placeholder="Web, primary"
            autoFocus={slug === undefined}
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <ZoneField
              pointer="/time_zone"
              value={draft.time_zone}
              onChange={(zone) => set({ time_zone: zone })}
            />
            <Select
              label="Team"
              pointer="/team"
              value={draft.team}
              onChange={(team) => set({ team })}
              options={[
                { value: "", label: "No team" },
                ...(teams.data?.items ?? []).map((team) => ({ value: team.slug, label: team.name })),
              ]}
            />
          </div>
          {draft.layers.map((layer, at) => (
            <LayerEditor
              // biome-ignore lint/suspicious/noArrayIndexKey: a layer is its place
              key={at}
              layer={layer}
              number={at + 1}
              onChange={(next) => set({ layers: draft.layers.with(at, next) })}
              onRemove={
                draft.layers.length > 1 ? () => set({ layers: draft.layers.toSpliced(at, 1) }) : undefined
              }
            />
          ))}
          <div>
            <Button onClick={() => set({ layers: [...draft.layers, emptyLayer(draft.time_zone, [])] })}>
              <Plus size={16} aria-hidden /> Add a layer
            </Button>
            <p className="mt-2 text-sm text-muted">
              Where layers overlap, the later one wins: nights over days, weekends over weeks.
            </p>
          </div>
          <div className="flex gap-2 border-t border-line pt-5">
            <Button type="submit" variant="primary" busy={save.isPending}>
              {slug === undefined ? "Add the schedule" : "Save"}
            </Button>
            {slug === undefined ? (
              <Link to="/oncall" className={buttonClass("ghost")}>
                Cancel
              </Link>
            ) : (
              <Link to="/oncall/schedules/$slug" params={{ slug }} className={buttonClass("ghost")}>
                Cancel
              </Link>
            )}
          </div>
        </Form>
        <SchedulePreview slug={slug} zone={draft.time_zone} layers={draft.layers} />
      </div>
    </>
  );
}

function useSave(draft: Draft, slug: string | undefined) {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => {
      const { name, time_zone, team, layers } = draft;
      const body = { name, time_zone, team: team || null, layers };
      return slug === undefined
        ? api.post<Schedule>("/schedules", { ...body, slug: slugify(name) })
        : api.patch<Schedule>(`/schedules/${slug}`, body);
    },
    onSuccess: async (saved) => {
      await queryClient.invalidateQueries({ queryKey: ["schedules"] });
      void queryClient.invalidateQueries({ queryKey: ["oncall"] });
      toast.done(
        saved.layers_from
          ? `${saved.name} is saved. Whoever is on call stays until the next hand-off.`
          : `${saved.name} is saved.`,
      );
      await navigate({ to: "/oncall/schedules/$slug", params: { slug: saved.slug } });
    },
  });
}
