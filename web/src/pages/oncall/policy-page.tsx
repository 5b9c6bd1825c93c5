import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { FlaskConical, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { useMay } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import { slugify } from "../../lib/format.ts";
import { durationWords } from "../../lib/time.ts";
import type { Policy } from "../../lib/types.ts";
import { Button, buttonClass, IconButton } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { Breadcrumb, PageHeader } from "../../ui/page-header.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { policiesQuery, teamsQuery } from "../services/queries.ts";
import { Levels } from "./level-editor.tsx";
import { moved } from "./moved.ts";
import { newPath, PathEditor } from "./path-editor.tsx";
import { policyQuery } from "./queries.ts";
import { policyRoute } from "./routes.tsx";
import { TargetPicker } from "./target-picker.tsx";

type Draft = Pick<Policy, "name" | "repeat" | "levels" | "fallback" | "paths" | "acknowledge_timeout"> & {
  team: string;
};

const EMPTY: Draft = {
  ...{ name: "", team: "", repeat: 2, levels: [{ targets: [], wait: "5m" }], fallback: [] },
  ...{ paths: [], acknowledge_timeout: null },
};

const TIMEOUTS = ["15m", "30m", "1h", "2h", "4h", "8h", "1d"];

export const NewPolicyPage = () => <PolicyEditor />;

/** One policy, to read and to change. */
export function PolicyPage() {
  const { slug } = policyRoute.useParams();
  const query = useQuery(policyQuery(slug));
  return (
    <Loaded query={query} skeleton={<Skeleton className="h-96" />}>
      {(policy) => <PolicyEditor key={policy.slug} policy={policy} />}
    </Loaded>
  );
}

const draftOf = (policy: Policy): Draft => ({ ...policy, team: policy.team?.slug ?? "" });

function PolicyEditor({ policy }: { policy?: Policy }) {
  const [draft, setDraft] = useState<Draft>(policy === undefined ? EMPTY : draftOf(policy));
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const mayEdit = useMay("edit");
  const teams = useQuery(teamsQuery);
  const save = useSave(draft, policy);
  return (
    <>
      <PageHeader
        title={policy?.name ?? "Add an escalation policy"}
        crumbs={
          <Breadcrumb>
            <Link to="/oncall" search={{ tab: "policies" }}>
              Escalation policies
            </Link>
          </Breadcrumb>
        }
        lead={
          policy &&
          (policy.services.length > 0
            ? `For ${policy.services.map((service) => service.name).join(", ")}`
            : "No service uses it yet.")
        }
        actions={policy && <Actions policy={policy} />}
      />
      <Form problem={save.error} onSubmit={() => save.mutate()} className="flex max-w-3xl flex-col gap-6">
        <FormProblem problem={save.error} />
        <div className="grid gap-4 sm:grid-cols-2">
          <Input
            label="Name"
            pointer="/name"
            placeholder="Web"
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
          />
          <Select
            label="Team"
            pointer="/team"
            value={draft.team}
            onChange={(team) => set({ team })}
            options={[
              { value: "", label: "No team" },
              ...(teams.data?.items ?? []).map(({ slug, name }) => ({ value: slug, label: name })),
            ]}
          />
        </div>
        <section aria-labelledby="levels" className="flex flex-col gap-3">
          <h2 id="levels" className="text-sm font-semibold">
            Who is paged, in order
          </h2>
          <Levels levels={draft.levels} pointer="" onChange={(levels) => set({ levels })} />
        </section>
        <Select
          label="When all levels have been paged and nobody answered"
          className="max-w-md"
          pointer="/repeat"
          value={String(draft.repeat)}
          onChange={(repeat) => set({ repeat: Number(repeat) })}
          options={[...new Set([0, 1, 2, 3, 5, 9, draft.repeat])].map((times) => ({
            value: String(times),
            label: times === 0 ? "Stop there" : `Begin again, ${times === 1 ? "once" : `${times} times`}`,
          }))}
        />
        <TargetPicker
          label="If nobody on these levels can be reached"
          help="The fallback: paged when every level is empty or out of reach."
          pointer="/fallback"
          targets={draft.fallback}
          onChange={(fallback) => set({ fallback })}
        />
        <Select
          label="When somebody has acknowledged"
          help="Whoever has it can renew it; a snooze keeps its own time."
          className="max-w-md"
          pointer="/acknowledge_timeout"
          value={draft.acknowledge_timeout ?? ""}
          onChange={(timeout) => set({ acknowledge_timeout: timeout || null })}
          options={[
            { value: "", label: "It is theirs until it is resolved" },
            ...[...new Set([...TIMEOUTS, draft.acknowledge_timeout ?? "1h"])].map((timeout) => ({
              value: timeout,
              label: `Page again unless renewed within ${durationWords(timeout)}`,
            })),
          ]}
        />
        <section aria-labelledby="paths" className="flex flex-col gap-3 border-t border-line pt-5">
          <h2 id="paths" className="text-sm font-semibold">
            Other levels for some incidents
          </h2>
          <p className="text-sm text-muted">
            By urgency, severity, labels or time of day. The first path that fits is taken when paging starts;
            if none does, the levels above.
          </p>
          {draft.paths.length > 0 && (
            <ol className="flex flex-col gap-4">
              {draft.paths.map((path, at) => (
                <PathEditor
                  // biome-ignore lint/suspicious/noArrayIndexKey: a path is its place
                  key={at}
                  path={path}
                  at={at}
                  last={at === draft.paths.length - 1}
                  onChange={(next) => set({ paths: draft.paths.with(at, next) })}
                  onMove={(by) => set({ paths: moved(draft.paths, at, at + by) })}
                  onRemove={() => set({ paths: draft.paths.toSpliced(at, 1) })}
                />
              ))}
            </ol>
          )}
          <div>
            <Button onClick={() => set({ paths: [...draft.paths, newPath(draft.paths.length + 1)] })}>
              <Plus size={16} aria-hidden /> Add a path
            </Button>
          </div>
        </section>
        {mayEdit && (
          <div className="flex gap-2 border-t border-line pt-5">
            <Button type="submit" variant="primary" busy={save.isPending}>
              {policy === undefined ? "Add the policy" : "Save"}
            </Button>
            <Link to="/oncall" search={{ tab: "policies" }} className={buttonClass("ghost")}>
              Cancel
            </Link>
          </div>
        )}
      </Form>
    </>
  );
}

function useSave(draft: Draft, policy: Policy | undefined) {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => {
      const { name, team, repeat, levels, fallback, paths, acknowledge_timeout } = draft;
      const body = { name, team: team || null, repeat, levels, fallback, paths, acknowledge_timeout };
      return policy === undefined
        ? api.post<Policy>("/escalation-policies", { ...body, slug: slugify(name) })
        : api.patch<Policy>(`/escalation-policies/${policy.slug}`, body);
    },
    onSuccess: async (saved) => {
      queryClient.setQueryData(policyQuery(saved.slug).queryKey, saved);
      await queryClient.invalidateQueries({ queryKey: policiesQuery.queryKey });
      toast.done(`${saved.name} is saved. Incidents that run already keep the policy they began with.`);
      await navigate({ to: "/oncall", search: { tab: "policies" } });
    },
  });
}

function Actions({ policy }: { policy: Policy }) {
  const mayEdit = useMay("edit");
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const remove = async () => {
    await api.delete(`/escalation-policies/${policy.slug}`);
    await queryClient.invalidateQueries({ queryKey: policiesQuery.queryKey });
    await navigate({ to: "/oncall", search: { tab: "policies" } });
  };
  return (
    <>
      <Link
        to="/oncall"
        search={{ tab: "simulate", service: policy.services[0]?.slug }}
        className={buttonClass()}
      >
        <FlaskConical size={16} aria-hidden /> Try it out
      </Link>
      {mayEdit && (
        <IconButton
          label="Delete this policy"
          icon={<Trash2 size={17} />}
          variant="secondary"
          onClick={() => setDeleting(true)}
        />
      )}
      <ConfirmDialog
        open={deleting}
        onClose={() => setDeleting(false)}
        title={`Delete ${policy.name}?`}
        confirm="Delete"
        danger
        onConfirm={remove}
      >
        {policy.services.length > 0
          ? "Services still page by it; give them another policy first."
          : "No service pages by it."}
      </ConfirmDialog>
    </>
  );
}
