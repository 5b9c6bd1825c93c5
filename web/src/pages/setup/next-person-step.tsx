import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { nowMs } from "../../lib/clock.ts";
import type { Invitation, Me } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { RadioCards } from "../../ui/choice.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { InvitationLink } from "../settings/invitation-link.tsx";
import { inviteNext, type NextPerson, pageInOrder } from "./next-person.ts";
import { StepHeading } from "./setup-frame.tsx";
import { StepFoot } from "./step-foot.tsx";

/** The Monday of this week as a local date. */
function monday(atMs: number): string {
  const day = new Date(atMs);
  day.setDate(day.getDate() - ((day.getDay() + 6) % 7));
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
}

/** Somebody for when the first one sleeps too deeply: invited, and put on the schedule and its policy. */
export function NextPersonStep({ me, onDone, onSkip }: { me: Me; onDone: () => void; onSkip: () => void }) {
  const [draft, setDraft] = useState<NextPerson>({ name: "", email: "", how: "second", wait: "5m" });
  const set = (change: Partial<NextPerson>) => setDraft({ ...draft, ...change });
  const [link, setLink] = useState<Invitation | null>(null);
  const add = useMutation({
    mutationFn: async () => {
      const invitation = await inviteNext(draft);
      await pageInOrder({ email: me.user.email ?? "", time_zone: me.user.time_zone }, draft, monday(nowMs()));
      return invitation;
    },
    onSuccess: (invitation) => {
      for (const queryKey of [["users"], ["schedules"], ["escalation-policies"], ["services"], ["oncall"]])
        void queryClient.invalidateQueries({ queryKey });
      if (invitation === null) onDone();
      else setLink(invitation);
    },
  });
  if (link !== null)
    return (
      <>
        <StepHeading title={`${draft.name} is next`}>
          {link.mailed
            ? "The invitation is on its way. You can also hand them the link yourself."
            : "Hand them this link: they choose a password and how they are reached. Until then a page can't reach them."}
        </StepHeading>
        <InvitationLink invitation={link} />
        <StepFoot onSkip={undefined}>
          <Button variant="primary" size="lg" onClick={onDone}>
            Finish
          </Button>
        </StepFoot>
      </>
    );
  return (
    <>
      <StepHeading title="Who is next if you don't answer?">
        Everybody sleeps through something once. Name a second person, and Keepwatch wakes them after you.
      </StepHeading>
      <Form problem={add.error} onSubmit={() => add.mutate()} className="flex flex-col gap-5">
        <FormProblem problem={add.error} />
        <div className="grid gap-5 sm:grid-cols-2">
          <Input
            label="Their name"
            pointer="/name"
            autoFocus
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
          />
          <Input
            label="Their e-mail"
            pointer="/email"
            type="email"
            value={draft.email}
            onChange={(event) => set({ email: event.target.value })}
          />
        </div>
        <RadioCards
          label="Who is woken first"
          columns={2}
          value={draft.how}
          onChange={(how) => set({ how: how as NextPerson["how"] })}
          options={[
            { value: "second", label: "Always me, then they", help: "They are your safety net." },
            { value: "turns", label: "We take turns", help: "A week each, from Monday 09:00." },
          ]}
        />
        <Select
          label="The second is woken after"
          className="w-56 max-sm:w-full"
          value={draft.wait}
          onChange={(wait) => set({ wait })}
          options={[
            { value: "2m", label: "2 minutes" },
            { value: "5m", label: "5 minutes" },
            { value: "10m", label: "10 minutes" },
            { value: "15m", label: "15 minutes" },
          ]}
        />
        <StepFoot onSkip={onSkip}>
          <Button type="submit" variant="primary" size="lg" busy={add.isPending}>
            Invite them
          </Button>
        </StepFoot>
      </Form>
    </>
  );
}
