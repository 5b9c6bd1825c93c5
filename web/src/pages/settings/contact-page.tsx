import { useMe } from "../../app/session.ts";
import { Card } from "../../ui/card.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { ContactMethods } from "./contact-methods.tsx";
import { Findings } from "./findings.tsx";
import { NotificationRulesCard } from "./notification-rules.tsx";
import { QuietHoursCard } from "./quiet-hours.tsx";

/** The ways a page reaches one, and in which order they are tried. */
export function ContactPage() {
  const { user } = useMe();
  return (
    <>
      <PageHeader
        title="How you are paged"
        lead="A verified way to reach you, and the order in which pages try them."
      />
      <div className="flex max-w-3xl flex-col gap-6">
        <Findings person={user.id} />
        <Card title="Ways to reach you">
          <ContactMethods person={user.id} email={user.email ?? ""} />
        </Card>
        <NotificationRulesCard person={user.id} />
        <QuietHoursCard person={user.id} />
      </div>
    </>
  );
}
