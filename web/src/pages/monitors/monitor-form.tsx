import { useQuery } from "@tanstack/react-query";
import { getAt } from "../../lib/pointer.ts";
import { durationWords } from "../../lib/time.ts";
import type { FormField, Keep, Severity, Urgency } from "../../lib/types.ts";
import { Card } from "../../ui/card.tsx";
import { Input, type Option, Select } from "../../ui/input.tsx";
import { KindFields } from "../../ui/kind-form.tsx";
import { servicesQuery } from "../services/queries.ts";
import { Disclosure } from "./check-evidence.tsx";
import { INTERVALS, KEEPS, SEVERITIES } from "./choices.ts";
import type { Draft } from "./draft.ts";
import { LabelsField } from "./labels-field.tsx";
import { kindsQuery, useProbed } from "./queries.ts";
import { SlowField } from "./slow-field.tsx";

interface FormProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
  /** A monitor that exists keeps its slug. */
  isNew: boolean;
}

/** The description of a kind's own fields; empty until it is loaded. */
export function useKindForm(kind: string): readonly FormField[] {
  const kinds = useQuery(kindsQuery);
  return kinds.data?.items.find((each) => each.id === kind)?.form ?? [];
}

/** Everything about a monitor: whose it is, how often, when it counts as down, what is expected. */
export function MonitorForm({ draft, onChange, isNew }: FormProps) {
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change });
  const probed = useProbed(draft.kind) ?? true;
  return (
    <div className="flex flex-col gap-6">
      <Card title="Whose it is">
        <div className="grid gap-4 sm:grid-cols-2">
          <Input
            label="Name"
            pointer="/name"
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
          />
          <ServiceField draft={draft} onChange={(service) => set({ service })} isNew={isNew} />
        </div>
      </Card>
      {probed && (
        <Card title="How often, and when it is down">
          <Rhythm draft={draft} set={set} />
        </Card>
      )}
      <KindGroups draft={draft} set={set} isNew={isNew} />
      <Disclosure label="Severity, labels, history, slug">
        <div className="grid gap-4 rounded-lg border border-line bg-surface p-4 sm:grid-cols-2 sm:p-5">
          <Select
            label="Severity"
            pointer="/severity"
            help="What an incident begins with when only this fails."
            value={draft.severity}
            onChange={(severity) => set({ severity: severity as Severity })}
            options={SEVERITIES}
          />
          <Select
            label="Keep single checks"
            pointer="/keep"
            help="Figures by the hour are kept for ever."
            value={draft.keep}
            onChange={(keep) => set({ keep: keep as Keep })}
            options={KEEPS}
          />
          <Select
            label="Urgency"
            pointer="/urgency"
            value={draft.urgency ?? ""}
            onChange={(urgency) => set({ urgency: (urgency || null) as Urgency | null })}
            options={URGENCIES}
          />
          <LabelsField labels={draft.labels} onChange={(labels) => set({ labels })} />
          <Input
            label="Slug"
            pointer="/slug"
            help={
              isNew ? "Its name in the API and in configuration files; it stays." : "A slug stays as it is."
            }
            mono
            disabled={!isNew}
            value={draft.slug}
            onChange={(event) => set({ slug: event.target.value })}
          />
        </div>
      </Disclosure>
    </div>
  );
}

const URGENCIES: readonly Option[] = [
  { value: "", label: "As its service has it" },
  { value: "high", label: "High: wake somebody" },
  { value: "low", label: "Low: wait for the morning" },
];

function ServiceField({
  draft,
  onChange,
  isNew,
}: {
  draft: Draft;
  onChange: (service: string) => void;
  isNew: boolean;
}) {
  const services = useQuery(servicesQuery());
  const options = (services.data?.items ?? []).map((service) => ({
    value: service.slug,
    label: service.name,
  }));
  const fresh = isNew ? [{ value: "", label: "A new service of this name" }] : [];
  return (
    <Select
      label="Service"
      pointer="/service"
      help="Who is paged follows from the service."
      value={draft.service}
      onChange={onChange}
      options={[...fresh, ...options]}
    />
  );
}

const TIMEOUTS = ["2s", "5s", "10s", "20s", "30s", "60s"];
const durations = (usual: readonly string[], current: string): Option[] =>
  [...new Set([...usual, current])].map((value) => ({ value, label: durationWords(value) }));

const CONFIRMATIONS: readonly { label: string; confirm: Draft["confirm"] }[] = [
  { label: "At the first failure", confirm: { failures: 1, retry_every: ["1s", "2s", "4s"], recoveries: 1 } },
  { label: "At the second failure, 5 s later", confirm: { failures: 2, retry_every: "5s", recoveries: 1 } },
  {
    label: "At the third failure, within 3 s",
    confirm: { failures: 3, retry_every: ["1s", "2s", "4s"], recoveries: 1 },
  },
  {
    label: "At the fourth failure, within 30 s",
    confirm: { failures: 4, retry_every: "10s", recoveries: 2 },
  },
];

function Rhythm({ draft, set }: { draft: Draft; set: (change: Partial<Draft>) => void }) {
  const current = JSON.stringify(draft.confirm);
  const known = CONFIRMATIONS.some(({ confirm }) => JSON.stringify(confirm) === current);
  const options = CONFIRMATIONS.map(({ label, confirm }) => ({ value: JSON.stringify(confirm), label }));
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Select
        label="Check every"
        pointer="/every"
        value={draft.every}
        onChange={(every) => set({ every })}
        options={durations(INTERVALS, draft.every)}
      />
      <Select
        label="Give up after"
        pointer="/timeout"
        help="No answer by then is a failure."
        value={draft.timeout}
        onChange={(timeout) => set({ timeout })}
        options={durations(TIMEOUTS, draft.timeout)}
      />
      <Select
        label="It counts as down"
        className="sm:col-span-2"
        pointer="/confirm"
        help="A failure is looked at again at once, so that a hiccup wakes nobody."
        value={current}
        onChange={(value) => set({ confirm: JSON.parse(value) as Draft["confirm"] })}
        options={
          known ? options : [...options, { value: current, label: `At failure ${draft.confirm.failures}` }]
        }
      />
      <SlowField slow={draft.slow} onChange={(slow) => set({ slow })} />
    </div>
  );
}

/** The kind's own fields, group by group; what is expected comes first. A group that is in use is open. */
function KindGroups({
  draft,
  set,
  isNew,
}: {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  isNew: boolean;
}) {
  const groups = Map.groupBy(useKindForm(draft.kind), (field) => field.group ?? "");
  const expects = (form: readonly FormField[]) => form.some((field) => field.name.startsWith("expect."));
  const sorted = [...groups].toSorted(([, a], [, b]) => Number(expects(b)) - Number(expects(a)));
  return sorted.map(([name, form], at) => {
    const given = (field: FormField) => getAt(draft.fields, field.name) !== undefined;
    // What a new monitor watches stands in the box above already, once it is there.
    const used = form.some((field) => !(isNew && field.required) && given(field));
    const wanted = form.some((field) => field.required && !given(field));
    return (
      <Disclosure
        key={name}
        label={name || "More"}
        open={used || wanted || expects(form) || (isNew && at === 0)}
      >
        <div className="rounded-lg border border-line bg-surface p-4 sm:p-5">
          <KindFields form={form} fields={draft.fields} onChange={(fields) => set({ fields })} />
        </div>
      </Disclosure>
    );
  });
}
