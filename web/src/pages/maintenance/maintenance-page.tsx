import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { BellOff, BellRing, Plus } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../app/session.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { HeldAlerts } from "./held-alerts.tsx";
import { windowsQuery } from "./queries.ts";
import { type MaintenanceTab, maintenanceRoute } from "./routes.tsx";
import { SilenceDialog } from "./silence-dialog.tsx";
import { Silences } from "./silences.tsx";
import { WindowDialog } from "./window-dialog.tsx";
import { WindowsList } from "./windows-list.tsx";

/** What is known and wakes nobody: planned work, silences, and what fails meanwhile. */
export function MaintenancePage() {
  const { tab = "windows" } = maintenanceRoute.useSearch();
  const navigate = useNavigate();
  const query = useQuery(windowsQuery());
  const [open, setOpen] = useState<"window" | "silence" | null>(null);
  const plan = useMay("edit") && (
    <Button variant="primary" onClick={() => setOpen("window")}>
      <Plus size={16} aria-hidden /> Plan work
    </Button>
  );
  const silence = useMay("respond") && (
    <Button onClick={() => setOpen("silence")}>
      <BellOff size={16} aria-hidden /> Silence
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Maintenance"
        lead="Planned work and silences: what they cover is checked and recorded, and wakes nobody."
        actions={
          <>
            {silence}
            {plan}
          </>
        }
      />
      <Tabs
        label="Maintenance"
        value={tab}
        onChange={(next) =>
          void navigate({
            to: "/maintenance",
            search: { tab: next === "windows" ? undefined : (next as MaintenanceTab) },
          })
        }
        tabs={[
          {
            value: "windows",
            label: "Windows",
            content: (
              <Loaded query={query}>{({ items }) => <WindowsList windows={items} add={plan} />}</Loaded>
            ),
          },
          { value: "silences", label: "Silences and mutes", content: <Silences add={silence} /> },
          { value: "held", label: "Held alerts", content: <HeldAlerts empty={<NothingHeld />} /> },
        ]}
      />
      {open === "window" && <WindowDialog onClose={() => setOpen(null)} />}
      {open === "silence" && <SilenceDialog onClose={() => setOpen(null)} />}
    </>
  );
}

const NothingHeld = () => (
  <Card>
    <EmptyState icon={<BellRing size={22} />} title="Nothing is held">
      Alerts that fire in a maintenance window or under a silence wait here, with what was seen. If they still
      fire when it ends, they page.
    </EmptyState>
  </Card>
);
