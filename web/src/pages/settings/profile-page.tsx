import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { meQuery, useMe } from "../../app/session.ts";
import { type ThemeChoice, useTheme } from "../../app/theme.ts";
import { api } from "../../lib/api.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { Segmented } from "../../ui/tabs.tsx";
import { toast } from "../../ui/toast.tsx";
import { ZoneField } from "../../ui/zone-field.tsx";

/** Who one is here. */
export function ProfilePage() {
  return (
    <Card title="You">
      <You />
    </Card>
  );
}

const THEMES: readonly { value: ThemeChoice; label: string }[] = [
  { value: "auto", label: "By the hour" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

function You() {
  const { user } = useMe();
  const [name, setName] = useState(user.name);
  const [zone, setZone] = useState(user.time_zone);
  const [theme, setTheme] = useTheme();
  const save = useMutation({
    mutationFn: () => api.patch("/me", { name, time_zone: zone }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
      toast.done("Saved.");
    },
  });
  const choose = (choice: ThemeChoice) => {
    setTheme(choice);
    api.patch("/me", { theme: choice }).catch(toast.failed);
  };
  return (
    <Form problem={save.error} onSubmit={() => save.mutate()} className="grid max-w-lg gap-4">
      <Input label="Name" pointer="/name" value={name} onChange={(event) => setName(event.target.value)} />
      <ZoneField label="Time zone" pointer="/time_zone" value={zone} onChange={setZone} />
      <div className="flex flex-col gap-1.5">
        <span className="text-sm font-medium">Appearance</span>
        <Segmented label="Appearance" options={THEMES} value={theme} onChange={choose} />
      </div>
      <FormProblem problem={save.error} />
      <div>
        <Button variant="primary" type="submit" busy={save.isPending}>
          Save
        </Button>
      </div>
    </Form>
  );
}
