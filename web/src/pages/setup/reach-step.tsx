import { useQuery } from "@tanstack/react-query";
import { Info } from "lucide-react";
import type { Me } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { ContactMethods } from "../settings/contact-methods.tsx";
import { methodsQuery } from "../settings/queries.ts";
import { StepHeading } from "./setup-frame.tsx";
import { StepFoot } from "./step-foot.tsx";

/** Ways to be reached, with a test that really rings. Says plainly when mail can't be sent, and what to set. */
export function ReachStep({ me, onDone, onSkip }: { me: Me; onDone: () => void; onSkip: () => void }) {
  const methods = useQuery(methodsQuery(me.user.id));
  const ready = methods.data?.items.some((method) => method.verified_at !== null) ?? false;
  return (
    <>
      <StepHeading title="How do we reach you?">
        Add at least one way, verify it with the code that arrives, then send yourself a test.
      </StepHeading>
      {!me.installation.mail && (
        <div className="mb-6 flex items-start gap-3 rounded-md bg-degraded-soft p-4 text-sm text-degraded">
          <Info size={18} className="mt-px shrink-0" aria-hidden />
          <p className="min-w-0 [&_code]:break-all">
            <strong className="font-semibold">No mail server is set up, so mail can't be sent.</strong> Set{" "}
            <code>KEEPWATCH_SMTP_URL</code> (for example <code>smtps://user:password@mail.example.com</code>)
            and <code>KEEPWATCH_MAIL_FROM</code>, and start Keepwatch again; this set-up goes on where you
            left it. A webhook works without.
          </p>
        </div>
      )}
      <ContactMethods person={me.user.id} email={me.user.email ?? ""} />
      <StepFoot onSkip={ready ? undefined : onSkip}>
        <Button variant="primary" size="lg" disabled={!ready} onClick={onDone}>
          Go on
        </Button>
      </StepFoot>
    </>
  );
}
