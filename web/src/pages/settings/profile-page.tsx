import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { meQuery, useMe } from "../../app/session.ts";
import { type Density, type ThemeChoice, useDensity, useTheme } from "../../app/theme.ts";
import { api } from "../../lib/api.ts";
import type { Me } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card, Facts } from "../../ui/card.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Segmented } from "../../ui/tabs.tsx";
import { toast } from "../../ui/toast.tsx";
import { ZoneField } from "../../ui/zone-field.tsx";
import { Away } from "./away.tsx";
import { ROLE_WORDS } from "./roles.ts";
import { ShiftReminders } from "./shift-reminders.tsx";

const keep = (me: Me): void => void queryClient.setQueryData(meQuery.queryKey, me);

/** One's own name, clock and looks. */
export function ProfilePage() {
  return (
    <>
      <PageHeader title="Profile" />
      <div className="flex max-w-2xl flex-col gap-6">
        <About />
        <Away />
        <ShiftReminders />
        <Looks />
      </div>
    </>
  );
}

function About() {
  const { user } = useMe();
  const [draft, setDraft] = useState({ name: user.name, time_zone: user.time_zone });
  const changed = draft.name !== user.name || draft.time_zone !== user.time_zone;
  const save = useMutation({
    mutationFn: () => api.patch<Me>("/me", draft),
    onSuccess: (me) => {
      keep(me);
      void queryClient.invalidateQueries({ queryKey: ["users"] });
      setDraft({ name: me.user.name, time_zone: me.user.time_zone });
      toast.done("Saved.");
    },
  });
  return (
    <Card title="About you">
      <Form problem={save.error} onSubmit={() => save.mutate()} className="flex flex-col gap-5 pt-1">
        <FormProblem problem={save.error} />
        <Input
          label="Name"
          pointer="/name"
          autoComplete="name"
          help="As colleagues see it on incidents and schedules."
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
        <ZoneField
          pointer="/time_zone"
          value={draft.time_zone}
          help="Your shifts and messages use it."
          onChange={(time_zone) => setDraft({ ...draft, time_zone })}
        />
        <Facts
          columns={3}
          items={[
            ["E-mail", user.email ?? "None"],
            ["Role", ROLE_WORDS[user.role].name],
            ["Teams", user.teams.map(({ name }) => name).join(", ") || "None"],
          ]}
        />
        <div>
          <Button type="submit" variant="primary" disabled={!changed} busy={save.isPending}>
            Save
          </Button>
        </div>
      </Form>
    </Card>
  );
}

function Looks() {
  const [theme, chooseTheme] = useTheme();
  const [density, chooseDensity] = useDensity();
  const save = useMutation({
    mutationFn: (choice: ThemeChoice) => api.patch<Me>("/me", { theme: choice }),
    onSuccess: keep,
    onError: toast.failed,
  });
  return (
    <Card title="How it looks">
      <div className="flex flex-col gap-5 pt-1">
        <Choice name="Theme" help="Automatic is dark from 20:00 to 07:00. It is kept with your profile.">
          <Segmented<ThemeChoice>
            label="Theme"
            value={theme}
            onChange={(choice) => {
              chooseTheme(choice);
              save.mutate(choice);
            }}
            options={[
              { value: "auto", label: "Automatic" },
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
            ]}
          />
        </Choice>
        <Choice name="Tables" help="How close their rows stand, in this browser.">
          <Segmented<Density>
            label="Density of tables"
            value={density}
            onChange={chooseDensity}
            options={[
              { value: "comfortable", label: "Comfortable" },
              { value: "compact", label: "Compact" },
            ]}
          />
        </Choice>
      </div>
    </Card>
  );
}

const Choice = ({ name, help, children }: { name: string; help: string; children: React.ReactNode }) => (
  <div className="flex flex-wrap items-center justify-between gap-3">
    <div className="min-w-0 flex-1 basis-52">
      <div className="text-sm font-medium">{name}</div>
      <div className="text-sm text-muted">{help}</div>
    </div>
    {children}
  </div>
);
