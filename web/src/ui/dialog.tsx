import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useRef } from "react";
import { cn } from "../lib/cn.ts";
import { IconButton } from "./button.tsx";

interface PanelProps {
  open: boolean;
  onClose: () => void;
  title: React.ReactNode;
  /** Hides the heading from sight where the content has its own. */
  hideTitle?: boolean;
  description?: React.ReactNode;
  children: React.ReactNode;
  /** Buttons at the foot, always in reach. */
  footer?: React.ReactNode;
}

/** Tells Radix that there is no description to point at. */
const UNDESCRIBED = { "aria-describedby": undefined };

const Overlay = () => <Radix.Overlay className="fixed inset-0 z-40 bg-scrim enter-fade" />;

function Heading({ title, description, hideTitle }: Pick<PanelProps, "title" | "description" | "hideTitle">) {
  return (
    <div className={cn("min-w-0 flex-1", hideTitle && "sr-only")}>
      <Radix.Title className="text-lg font-semibold tracking-tight">{title}</Radix.Title>
      {description && (
        <Radix.Description className="mt-0.5 text-sm text-muted">{description}</Radix.Description>
      )}
    </div>
  );
}

const Close = () => (
  <Radix.Close asChild>
    <IconButton label="Close" icon={<X size={18} />} size="sm" quiet />
  </Radix.Close>
);

/** Where the focus was before the panel opened; there it goes back when the panel closes. */
function useReturnFocus(open: boolean): (event: Event) => void {
  const before = useRef<Element | null>(null);
  if (open) before.current ??= document.activeElement;
  return (event) => {
    event.preventDefault();
    const back = before.current?.isConnected ? before.current : document.getElementById("main");
    if (back instanceof HTMLElement) back.focus({ preventScroll: true });
    before.current = null;
  };
}

/** The panel itself takes the focus, unless a field in it asked for it; not the cross, which happens to come first. */
function focusPanel(event: Event): void {
  const panel = event.currentTarget as HTMLElement;
  event.preventDefault();
  if (!panel.contains(document.activeElement)) panel.focus();
}

/** A question in the middle of the screen; from the bottom on phones. */
export function Dialog({
  open,
  onClose,
  title,
  hideTitle,
  description,
  children,
  footer,
  wide,
}: PanelProps & { wide?: boolean }) {
  const returnFocus = useReturnFocus(open);
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Overlay />
        <Radix.Content
          {...(description ? {} : UNDESCRIBED)}
          tabIndex={-1}
          onOpenAutoFocus={focusPanel}
          onCloseAutoFocus={returnFocus}
          className={cn(
            "fixed z-50 flex max-h-[min(85dvh,48rem)] flex-col bg-raised shadow-float outline-none enter-up",
            "inset-x-0 bottom-0 rounded-t-lg border-t border-line",
            "sm:inset-auto sm:top-[12vh] sm:left-1/2 sm:w-[calc(100vw-2rem)] sm:-translate-x-1/2 sm:rounded-lg sm:border",
            wide ? "sm:max-w-3xl" : "sm:max-w-lg",
          )}
        >
          <div className="flex items-start gap-4 px-6 pt-5 pb-3">
            <Heading {...{ title, description, hideTitle }} />
            <Close />
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-6 pt-1 pb-6">{children}</div>
          {footer && <Foot>{footer}</Foot>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A panel from the right beside what it is about, so that the list behind is never lost. */
export function Sheet({ open, onClose, title, hideTitle, description, children, footer }: PanelProps) {
  const returnFocus = useReturnFocus(open);
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()} modal={false}>
      <Radix.Portal>
        <Radix.Content
          {...(description ? {} : UNDESCRIBED)}
          data-beside
          tabIndex={-1}
          onOpenAutoFocus={focusPanel}
          onCloseAutoFocus={returnFocus}
          onInteractOutside={(event) => event.preventDefault()}
          className={cn(
            "fixed inset-0 top-(--header-h) z-30 flex flex-col border-line bg-surface shadow-float enter-right outline-none",
            "sm:left-auto sm:w-[min(36rem,92vw)] sm:border-l",
          )}
        >
          <div className="flex items-start gap-4 border-b border-line px-6 py-4">
            <Heading {...{ title, description, hideTitle }} />
            <Close />
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto p-6">{children}</div>
          {footer && <Foot>{footer}</Foot>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const Foot = ({ children }: { children: React.ReactNode }) => (
  <div className="flex flex-wrap justify-end gap-2 border-t border-line px-6 py-3 max-sm:*:flex-1 max-sm:pb-[max(0.75rem,env(safe-area-inset-bottom))]">
    {children}
  </div>
);
