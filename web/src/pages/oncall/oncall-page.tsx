import { Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useMay } from "../../app/session.ts";
import { buttonClass } from "../../ui/button.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { LoadTab } from "./load-tab.tsx";
import { OnCallNowTab } from "./now-tab.tsx";
import { PoliciesTab } from "./policies-tab.tsx";
import { type OnCallTab, oncallRoute } from "./routes.tsx";
import { SimulateTab } from "./simulate-tab.tsx";

/** Who is on call for what, now and next; who is paged in which order; and what would happen if. */
export function OnCallPage() {
  const { tab = "now", service } = oncallRoute.useSearch();
  const navigate = useNavigate();
  const mayEdit = useMay("edit");
  return (
    <>
      <PageHeader
        title="On call"
        actions={
          mayEdit &&
          (tab === "policies" ? (
            <Link to="/oncall/policies/new" className={buttonClass("primary")}>
              <Plus size={16} aria-hidden /> Add a policy
            </Link>
          ) : (
            tab === "now" && (
              <Link to="/oncall/schedules/new" className={buttonClass("primary")}>
                <Plus size={16} aria-hidden /> Add a schedule
              </Link>
            )
          ))
        }
      />
      <Tabs
        label="On call"
        value={tab}
        onChange={(next) =>
          void navigate({ to: "/oncall", search: { tab: next as OnCallTab, service }, replace: true })
        }
        tabs={[
          { value: "now", label: "Now and next", content: <OnCallNowTab /> },
          { value: "policies", label: "Escalation policies", content: <PoliciesTab /> },
          { value: "load", label: "Load", content: <LoadTab /> },
          { value: "simulate", label: "What if…", content: <SimulateTab service={service} /> },
        ]}
      />
    </>
  );
}
