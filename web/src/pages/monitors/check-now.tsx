import { STATE_WORDS } from "../../lib/state.ts";
import type { Check } from "../../lib/types.ts";
import { EvidenceLine } from "../../ui/code.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { FormProblem } from "../../ui/field.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { Waterfall } from "../../ui/waterfall.tsx";
import type { Pick } from "./body-picker.tsx";
import { CheckEvidence } from "./check-evidence.tsx";
import { evidenceWords } from "./evidence-words.ts";

/** The answer to "check now". It changes no state. */
export function CheckNowDialog({
  check,
  onClose,
}: {
  check: { data: Check | undefined; error: unknown };
  onClose: () => void;
}) {
  return (
    <Dialog
      wide
      open={check.data !== undefined || Boolean(check.error)}
      onClose={onClose}
      title="Checked now"
      description="This look changes no state and pages nobody."
    >
      <FormProblem problem={check.error} />
      {check.data && <CheckResult check={check.data} />}
    </Dialog>
  );
}

/** One check whole: its state, its line, where the time went, what it saw. */
export function CheckResult({ check, onPick }: { check: Check; onPick?: (pick: Pick) => void }) {
  return (
    <div className="flex flex-col gap-5">
      <div className="flex items-center gap-3">
        <StateMark state={check.status} size={20} />
        <span className="text-base font-semibold">{STATE_WORDS[check.status]}</span>
      </div>
      <EvidenceLine tone={check.status === "down" ? "down" : "plain"}>{evidenceWords(check)}</EvidenceLine>
      <Waterfall timings={check.timings} />
      {check.evidence && <CheckEvidence evidence={check.evidence} onPick={onPick} />}
    </div>
  );
}
