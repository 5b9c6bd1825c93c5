import { AlertCircle, CheckCircle2, X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { messageOf } from "../lib/api.ts";
import { IconButton } from "./button.tsx";

interface ToastMessage {
  id: number;
  kind: "done" | "failed";
  text: string;
  action?: { label: string; run: () => void };
}

const STAYS_MS = 6000;
const MOST = 3;
let messages: readonly ToastMessage[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly ToastMessage[]): void {
  messages = next;
  for (const tell of listeners) tell();
}

const dismiss = (id: number): void => set(messages.filter((message) => message.id !== id));

function show(message: Omit<ToastMessage, "id">): void {
  last += 1;
  const id = last;
  set([...messages, { ...message, id }].slice(-MOST));
  // A failure stays until it is read and closed.
  if (message.kind === "done") setTimeout(() => dismiss(id), STAYS_MS);
}

/** Says in a corner that something was done (goes by itself) or failed (stays until closed). */
export const toast = {
  done: (text: string, action?: ToastMessage["action"]) => show({ kind: "done", text, action }),
  failed: (error: unknown) =>
    show({ kind: "failed", text: typeof error === "string" ? error : messageOf(error) }),
};

/** Where toasts appear; once, in the app's root. */
export function Toaster() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => messages,
  );
  return (
    <div
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-[calc(5rem+var(--bar-h,0px))] z-60 flex flex-col items-end gap-2 sm:bottom-6 sm:left-auto sm:w-96"
    >
      {shown.map((message) => (
        <ToastCard key={message.id} message={message} />
      ))}
    </div>
  );
}

function ToastCard({ message }: { message: ToastMessage }) {
  return (
    <div
      role={message.kind === "failed" ? "alert" : undefined}
      className="pointer-events-auto flex w-full items-start gap-3 rounded-lg border border-line bg-raised py-2 pr-2 pl-4 text-sm shadow-float enter-up"
    >
      {message.kind === "done" ? (
        <CheckCircle2 size={18} className="mt-1.5 shrink-0 text-up" aria-hidden />
      ) : (
        <AlertCircle size={18} className="mt-1.5 shrink-0 text-down" aria-hidden />
      )}
      <p className="flex-1 py-1.5">{message.text}</p>
      {message.action && (
        <button
          type="button"
          className="h-8 rounded-md px-2 font-medium text-brand-text hover:bg-hover"
          onClick={() => {
            message.action?.run();
            dismiss(message.id);
          }}
        >
          {message.action.label}
        </button>
      )}
      <IconButton label="Close" icon={<X size={16} />} size="sm" quiet onClick={() => dismiss(message.id)} />
    </div>
  );
}
