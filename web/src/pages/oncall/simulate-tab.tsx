import { useMutation, useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { api } from "../../lib/api.ts";
import { nowMs } from "../../lib/clock.ts";
import { browserZone } from "../../lib/time.ts";
import type { SimulatedAnswer, Simulation, Urgency } from "../../lib/types.ts";
import { instantOf, parseWall, wallOf, wallText } from "../../lib/zone.ts";
import { Button } from "../../ui/button.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { ZoneField } from "../../ui/zone-field.tsx";
import { SEVERITY_NAMES } from "../incidents/severities.ts";
import { servicesQuery } from "../services/queries.ts";
import { usersQuery } from "../settings/queries.ts";
import { AnswersField } from "./answers-field.tsx";
import { SimulationLine } from "./simulation-line.tsx";

/** The Saturday after now, at three in the morning: when it always happens. */
function saturdayNight(): string {
  const now = new Date(nowMs());
  const night = new Date(
    now.getFullYear(),
    now.getMonth(),
    now.getDate() + ((6 - now.getDay() + 7) % 7 || 7),
    3,
  );
  return wallText(wallOf(night.getTime(), browserZone()));
}

/** What would happen if a service failed at a moment, with the answers that are given. Runs what pages in earnest; sends nothing. */
export function SimulateTab({ service }: { service: string | undefined }) {
  const services = useQuery(servicesQuery());
  const [draft, setDraft] = useState({
    service: service ?? "",
    at: saturdayNight(),
    urgency: "" as Urgency | "",
    severity: "SEV3",
    hours: "1",
    zone: browserZone(),
    answers: [] as readonly SimulatedAnswer[],
  });
  const people = useQuery(usersQuery("true"));
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change });
  const chosen = draft.service || (services.data?.items[0]?.slug ?? "");
  const run = useMutation({
    mutationFn: () => {
      const wall = parseWall(draft.at);
      const at = wall === null ? nowMs() : instantOf(wall, draft.zone);
      return api.post<Simulation>("/simulate", {
        service: chosen,
        at: new Date(at).toISOString(),
        hours: Number(draft.hours),
        answers: draft.answers,
        severity: draft.severity,
        ...(draft.urgency === "" ? {} : { urgency: draft.urgency }),
      });
    },
  });
  return (
    <div className="grid items-start gap-8 lg:grid-cols-[20rem_minmax(0,1fr)]">
      <Form
        problem={run.error}
        onSubmit={() => run.mutate()}
        className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-5"
      >
        <FormProblem problem={run.error} />
        <Select
          label="What if"
          pointer="/service"
          value={chosen}
          onChange={(next) => set({ service: next })}
          options={(services.data?.items ?? []).map(({ slug, name }) => ({ value: slug, label: name }))}
        />
        <Input
          label="fails at"
          type="datetime-local"
          pointer="/at"
          value={draft.at}
          onChange={(event) => set({ at: event.target.value })}
        />
        <ZoneField
          label="by the clock of"
          pointer="/time_zone"
          value={draft.zone}
          onChange={(zone) => set({ zone })}
        />
        <Select
          label="with"
          value={draft.urgency}
          onChange={(urgency) => set({ urgency: urgency as Urgency | "" })}
          options={[
            { value: "", label: "the service's urgency" },
            { value: "high", label: "high urgency" },
            { value: "low", label: "low urgency" },
          ]}
        />
        <Select
          label="as"
          value={draft.severity}
          onChange={(severity) => set({ severity })}
          options={SEVERITY_NAMES}
        />
        <Select
          label="and goes on for"
          value={draft.hours}
          onChange={(hours) => set({ hours })}
          options={[
            { value: "0.5", label: "30 minutes" },
            { value: "1", label: "1 hour" },
            { value: "4", label: "4 hours" },
            { value: "12", label: "12 hours" },
          ]}
        />
        <AnswersField
          people={people.data?.items ?? []}
          value={draft.answers}
          onChange={(answers) => set({ answers })}
        />
        <Button type="submit" variant="primary" busy={run.isPending} disabled={chosen === ""}>
          <FlaskConical size={16} aria-hidden /> See who is paged
        </Button>
        <p className="text-sm text-muted">Nothing is sent. The same rules decide that page in earnest.</p>
      </Form>
      <div aria-live="polite" className="min-w-0">
        {run.data ? (
          <SimulationLine simulation={run.data} />
        ) : (
          <p className="py-10 text-center text-sm text-muted max-lg:py-4">
            Choose a service and a moment; here stands who would be woken, how, and in which order.
          </p>
        )}
      </div>
    </div>
  );
}
