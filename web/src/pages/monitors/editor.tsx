import { lazy, Suspense, useState } from "react";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Skeleton } from "../../ui/states.tsx";
import { Segmented } from "../../ui/tabs.tsx";
import { toast } from "../../ui/toast.tsx";
import type { Pick } from "./body-picker.tsx";
import type { Draft } from "./draft.ts";
import { HeartbeatPreview } from "./heartbeat-preview.tsx";
import { MonitorForm, useKindForm } from "./monitor-form.tsx";
import { useProbed } from "./queries.ts";
import { TryResult, withPick } from "./try-result.tsx";
import type { useTry } from "./use-try.ts";

const YamlEditor = lazy(async () => ({ default: (await import("./yaml-editor.tsx")).YamlEditor }));

/** A draft as a form or as YAML at the left, what its check finds at the right, Save always in reach. */
export function MonitorEditor({
  draft,
  onChange,
  tried,
  isNew,
  problem,
  onSave,
  footer,
}: {
  draft: Draft;
  onChange: (draft: Draft) => void;
  tried: ReturnType<typeof useTry>;
  isNew: boolean;
  problem: unknown;
  onSave: () => void;
  footer: React.ReactNode;
}) {
  const [as, setAs] = useState<"form" | "yaml">("form");
  const form = useKindForm(draft.kind);
  const probed = useProbed(draft.kind) ?? true;
  const onPick = (pick: Pick) => {
    const next = withPick(draft, form, pick);
    onChange(next);
    if (next !== draft)
      toast.done(pick.kind === "text" ? `Expects “${pick.text}” now.` : `Expects ${pick.path} now.`);
  };
  return (
    <Form problem={problem} onSubmit={onSave} className="flex flex-col gap-6">
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]">
        <div className="flex min-w-0 flex-col gap-4 max-lg:order-2">
          <Segmented
            label="Write it as"
            options={[
              { value: "form", label: "Form" },
              { value: "yaml", label: "YAML" },
            ]}
            value={as}
            onChange={setAs}
          />
          <FormProblem problem={problem} />
          {as === "form" ? (
            <MonitorForm draft={draft} onChange={onChange} isNew={isNew} />
          ) : (
            <Suspense fallback={<Skeleton className="h-80" />}>
              <YamlEditor draft={draft} onChange={onChange} />
            </Suspense>
          )}
        </div>
        <div className="min-w-0 lg:pt-12">
          {probed && <TryResult tried={tried} onPick={onPick} />}
          {draft.kind === "heartbeat" && <HeartbeatPreview fields={draft.fields} />}
        </div>
      </div>
      <div className="sticky bottom-15 z-10 -mx-4 -mb-13 border-t border-line bg-canvas/95 px-4 py-3 backdrop-blur-sm sm:bottom-0 sm:-mx-6 sm:-mb-16 sm:px-6">
        <div className="flex flex-wrap items-center justify-end gap-2 max-sm:*:flex-1">{footer}</div>
      </div>
    </Form>
  );
}
