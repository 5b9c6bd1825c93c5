import { ArrowRightLeft, BellRing, Check, Ellipsis, Pencil, UserCheck, UserPlus } from "lucide-react";
import { useEffect, useState } from "react";
import { useAcknowledge } from "../../app/acknowledge.ts";
import { useMay, useMe } from "../../app/session.ts";
import { useShortcut } from "../../app/shortcuts.ts";
import { cn } from "../../lib/cn.ts";
import type { Incident } from "../../lib/types.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Menu, MenuItem, MenuLine } from "../../ui/menu.tsx";
import { toast } from "../../ui/toast.tsx";
import { CorrectDialog } from "./correct-dialog.tsx";
import { ReassignDialog } from "./reassign-dialog.tsx";
import { ResolveDialog } from "./resolve-dialog.tsx";
import { RespondersDialog } from "./responders-dialog.tsx";
import { SnoozeItems } from "./snooze-items.tsx";
import { useVerb } from "./verbs.ts";

type Asking = "resolve" | "reassign" | "responders" | "correct" | null;

/** What can be done about it. On a phone the three large ones stay under the thumb, above the bottom bar. */
export function IncidentActions({ incident }: { incident: Incident }) {
  const [asking, setAsking] = useState<Asking>(null);
  const mayRespond = useMay("respond");
  useKeys(incident, () => setAsking("resolve"));
  if (!mayRespond) return null;
  const close = () => setAsking(null);
  return (
    <>
      {incident.status === "resolved" ? (
        <Button onClick={() => setAsking("correct")}>
          <Pencil size={16} aria-hidden /> Correct it
        </Button>
      ) : (
        <OpenActions incident={incident} ask={setAsking} />
      )}
      {asking === "resolve" && <ResolveDialog incident={incident} onClose={close} />}
      {asking === "reassign" && <ReassignDialog incident={incident} onClose={close} />}
      {asking === "responders" && <RespondersDialog incident={incident} onClose={close} />}
      {asking === "correct" && <CorrectDialog incident={incident} onClose={close} />}
    </>
  );
}

/** `a` and `r` mean this incident here, whatever else burns. */
function useKeys(incident: Incident, resolve: () => void): void {
  const acknowledge = useAcknowledge();
  const mayRespond = useMay("respond");
  useShortcut(
    {
      keys: "a",
      label: "Acknowledge this incident",
      group: "Incident",
      near: true,
      run: () => {
        if (incident.status === "triggered") acknowledge.mutate(incident);
        else
          toast.done(
            incident.status === "resolved" ? "It is resolved already." : "It is acknowledged already.",
          );
      },
    },
    mayRespond,
  );
  useShortcut(
    { keys: "r", label: "Resolve this incident", group: "Incident", near: true, run: resolve },
    mayRespond && incident.status !== "resolved",
  );
}

function OpenActions({ incident, ask }: { incident: Incident; ask: (what: Asking) => void }) {
  const acknowledge = useAcknowledge();
  const verb = useVerb(incident);
  const { user } = useMe();
  const triggered = incident.status === "triggered";
  const endsByItself = incident.acknowledged_until !== null || incident.acknowledgement_expires_at !== null;
  const mineForNow = endsByItself && incident.acknowledged_by?.id === user.id;
  useRoomForBar();
  return (
    <div
      className={cn(
        "flex flex-wrap gap-2",
        "max-sm:fixed max-sm:inset-x-0 max-sm:bottom-[calc(3.75rem+env(safe-area-inset-bottom))] max-sm:z-20 max-sm:flex-nowrap max-sm:border-t max-sm:border-line max-sm:bg-surface max-sm:px-3 max-sm:py-2.5",
      )}
    >
      {(triggered || mineForNow) && (
        <Button
          variant={triggered ? "primary" : "secondary"}
          size="lg"
          className={ACTION}
          busy={acknowledge.isPending}
          onClick={() => acknowledge.mutate(incident)}
        >
          <UserCheck size={18} className="max-sm:hidden" aria-hidden />
          {triggered ? "Acknowledge" : "Stay on it"}
        </Button>
      )}
      <Button
        size="lg"
        className={ACTION}
        busy={verb.isPending && verb.variables.verb === "escalate"}
        onClick={() => verb.mutate({ verb: "escalate", said: "The next person is being woken." })}
      >
        <BellRing size={18} className="max-sm:hidden" aria-hidden />
        <span>
          Wake <span className="max-sm:sr-only">the </span>next<span className="max-sm:sr-only"> person</span>
        </span>
      </Button>
      <Button
        size="lg"
        variant={triggered ? "secondary" : "primary"}
        className={ACTION}
        onClick={() => ask("resolve")}
      >
        <Check size={18} className="max-sm:hidden" aria-hidden /> Resolve
      </Button>
      <Menu
        trigger={
          <IconButton
            label="More"
            icon={<Ellipsis size={18} />}
            variant="secondary"
            className="size-12! max-sm:w-10!"
            quiet
          />
        }
      >
        <MenuItem icon={<UserPlus size={16} />} onSelect={() => ask("responders")}>
          Ask others for help…
        </MenuItem>
        <MenuItem icon={<ArrowRightLeft size={16} />} onSelect={() => ask("reassign")}>
          Hand it to somebody else…
        </MenuItem>
        <MenuItem icon={<Pencil size={16} />} onSelect={() => ask("correct")}>
          Correct title or severity…
        </MenuItem>
        <MenuLine />
        <SnoozeItems onSnooze={(minutes, said) => verb.mutate({ verb: "snooze", body: { minutes }, said })} />
      </Menu>
    </div>
  );
}

const ACTION = "max-sm:min-w-0 max-sm:flex-auto max-sm:px-2.5 max-sm:text-sm";

/** Toasts stand above the bar of actions, never on it. */
function useRoomForBar(): void {
  useEffect(() => {
    document.documentElement.style.setProperty("--bar-h", "4.5rem");
    return () => void document.documentElement.style.removeProperty("--bar-h");
  }, []);
}
