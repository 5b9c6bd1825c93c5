import { dayTime, toMs } from "../../lib/time.ts";
import type { Invitation } from "../../lib/types.ts";
import { Code } from "../../ui/code.tsx";
import { Time } from "../../ui/time.tsx";

/** The link that lets an invited person in, to copy and hand over. */
export const InvitationLink = ({ invitation }: { invitation: Invitation }) => (
  <div className="flex flex-col gap-2">
    <Code label="Invitation link" wrap className="pr-8">
      {invitation.url}
    </Code>
    <p className="text-sm text-muted">
      {invitation.mailed ? "It was also sent by mail. " : "No mail was sent. "}
      It works once, until{" "}
      <Time
        at={invitation.expires_at}
        format={(ms) => dayTime(ms, toMs(invitation.expires_at) - 30 * 86_400_000)}
      />
      .
    </p>
  </div>
);
