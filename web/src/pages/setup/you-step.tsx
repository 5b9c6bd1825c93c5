import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { meQuery } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import { store } from "../../lib/stored.ts";
import { browserZone } from "../../lib/time.ts";
import { Button } from "../../ui/button.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { ZoneField } from "../../ui/zone-field.tsx";
import { setupQuery } from "./queries.ts";
import { StepHeading } from "./setup-frame.tsx";

/** The first administrator. Whoever holds the printed token is let in, once. */
export function YouStep({ token }: { token: string }) {
  const [draft, setDraft] = useState({ name: "", email: "", password: "", time_zone: browserZone() });
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change });
  const begin = useMutation({
    mutationFn: () => api.post("/setup", { ...draft, token }),
    onSuccess: async () => {
      store("setup-step", "1");
      await queryClient.fetchQuery(meQuery);
      await queryClient.invalidateQueries({ queryKey: setupQuery.queryKey });
    },
  });
  return (
    <>
      <StepHeading title="Welcome. Who are you?">
        You become the first administrator. Three more short steps, and somebody wakes when something fails.
      </StepHeading>
      <Form problem={begin.error} onSubmit={() => begin.mutate()} className="flex flex-col gap-5">
        <FormProblem problem={begin.error} />
        <Input
          label="Your name"
          pointer="/name"
          autoComplete="name"
          autoFocus
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
        />
        <Input
          label="E-mail"
          pointer="/email"
          type="email"
          autoComplete="username"
          value={draft.email}
          onChange={(event) => set({ email: event.target.value })}
        />
        <Input
          label="Password"
          pointer="/password"
          type="password"
          autoComplete="new-password"
          help="At least 10 characters. A few words are easier to remember than symbols."
          value={draft.password}
          onChange={(event) => set({ password: event.target.value })}
        />
        <ZoneField
          pointer="/time_zone"
          help="Times are shown in it, and your shifts follow its clock."
          value={draft.time_zone}
          onChange={(zone) => set({ time_zone: zone })}
        />
        <div className="pt-2">
          <Button type="submit" variant="primary" size="lg" className="max-sm:w-full" busy={begin.isPending}>
            Go on
          </Button>
        </div>
      </Form>
    </>
  );
}

/** Without the token nobody is let in: where to find it. */
export const NoTokenStep = () => (
  <>
    <StepHeading title="Open the link that Keepwatch printed">
      When it starts without an administrator, Keepwatch prints a set-up link that works once. Look where you
      started it, or in its log, and open that link here.
    </StepHeading>
    <p className="text-sm text-muted">
      No log at hand? Start it again: every start prints a new link, and the old one stops working. Or set{" "}
      <code>KEEPWATCH_ADMIN_EMAIL</code> and <code>KEEPWATCH_ADMIN_PASSWORD</code> before the first start.
    </p>
  </>
);
