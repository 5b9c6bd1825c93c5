import { useMutation } from "@tanstack/react-query";
import { BadgeCheck, Bell, Trash2 } from "lucide-react";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api, messageOf } from "../../lib/api.ts";
import { cn } from "../../lib/cn.ts";
import { latency } from "../../lib/format.ts";
import type { ContactMethod, TestResult } from "../../lib/types.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { CHANNEL_ICONS } from "./channel-icons.tsx";
import { methodsQuery } from "./queries.ts";
import { VerifyForm } from "./verify-form.tsx";

/** One way to be reached: whether it is verified, a test that really rings, and taking it away. */
export function MethodRow({
  method,
  person,
  label,
}: {
  method: ContactMethod;
  person: string;
  label: string;
}) {
  const [removing, setRemoving] = useState(false);
  const path = `/users/${person}/contact-methods/${method.id}`;
  const test = useMutation({ mutationFn: () => api.post<TestResult>(`${path}/test`) });
  const remove = async () => {
    await api.delete(path);
    await queryClient.invalidateQueries(methodsQuery(person));
    await queryClient.invalidateQueries({ queryKey: ["notification-rules", person] });
  };
  const verified = method.verified_at !== null;
  return (
    <li className="flex flex-col gap-3 p-3 sm:px-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="text-muted" aria-hidden>
          {CHANNEL_ICONS[method.channel] ?? <Bell size={18} />}
        </span>
        <div className="min-w-0 flex-1 basis-48">
          <div className="truncate text-sm font-medium">{method.destination}</div>
          <div className="text-xs text-muted">
            {label}
            {verified && (
              <span className="ml-2 inline-flex items-center gap-1 text-up">
                <BadgeCheck size={14} aria-hidden /> verified
              </span>
            )}
            {method.disabled && (
              <span className="ml-2 text-down">switched off: {method.disabled.reason}</span>
            )}
          </div>
        </div>
        {verified && (
          <Button size="sm" className="max-sm:h-11" busy={test.isPending} onClick={() => test.mutate()}>
            Send a test
          </Button>
        )}
        <IconButton
          label={`Remove ${method.destination}`}
          icon={<Trash2 size={16} />}
          size="sm"
          onClick={() => setRemoving(true)}
        />
      </div>
      {!verified && <VerifyForm person={person} method={method} />}
      <TestSaid result={test.data} error={test.error} />
      <ConfirmDialog
        open={removing}
        onClose={() => setRemoving(false)}
        title={`Remove ${method.destination}?`}
        confirm="Remove"
        danger
        onConfirm={remove}
      >
        No page goes there any more. Notification rules that name it leave it out.
      </ConfirmDialog>
    </li>
  );
}

/** How the test went, in the provider's own words. */
function TestSaid({ result, error }: { result: TestResult | undefined; error: unknown }) {
  if (!result && !error) return null;
  const ok = result?.ok ?? false;
  return (
    <p
      role="status"
      className={cn("rounded-md px-3 py-2 text-sm", ok ? "bg-up-soft text-up" : "bg-down-soft text-down")}
    >
      {result ? (
        <>
          {ok ? `Sent in ${latency(result.ms)}. ` : "It did not arrive. "}
          <span className="font-mono text-xs">{result.detail}</span>
        </>
      ) : (
        messageOf(error)
      )}
    </p>
  );
}
