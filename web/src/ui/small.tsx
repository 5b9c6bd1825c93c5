import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { cn } from "../lib/cn.ts";
import { initials } from "../lib/format.ts";
import { IconButton } from "./button.tsx";
import { toast } from "./toast.tsx";
import { Tooltip } from "./tooltip.tsx";

/** A word or two about an object: a tag, a count, a kind. Never a state. */
export const Badge = ({ children, strong }: { children: React.ReactNode; strong?: boolean }) => (
  <span
    className={cn(
      "inline-block h-5 max-w-full min-w-0 truncate rounded-sm px-1.5 align-middle text-xs leading-5 font-medium num",
      strong ? "bg-brand-soft text-brand-text" : "bg-sunken text-muted",
    )}
  >
    {children}
  </span>
);

/** A person by their initials; the tint says nothing. */
export function Avatar({ name, size = 24, quiet }: { name: string; size?: number; quiet?: boolean }) {
  const face = (
    <span
      className="inline-grid shrink-0 place-items-center rounded-full bg-brand-soft font-semibold text-brand-text ring-2 ring-surface select-none before:content-[attr(data-initials)]"
      style={{ width: size, height: size, fontSize: Math.round(size * 0.4) }}
      role="img"
      aria-label={name}
      data-initials={initials(name)}
    />
  );
  return quiet ? face : <Tooltip content={name}>{face}</Tooltip>;
}

/** Several people, overlapping; more than `most` are counted. */
export function Avatars({
  names,
  most = 4,
  size = 24,
}: {
  names: readonly string[];
  most?: number;
  size?: number;
}) {
  const rest = names.length - most;
  return (
    <span className="inline-flex items-center -space-x-0.5">
      {names.slice(0, most).map((name) => (
        <Avatar key={name} name={name} size={size} />
      ))}
      {rest > 0 && <span className="pl-2.5 text-xs text-muted num">+{rest}</span>}
    </span>
  );
}

/** A person with their name. */
export const Person = ({ name, size = 24 }: { name: string; size?: number }) => (
  <span className="inline-flex min-w-0 items-center gap-2">
    <span aria-hidden className="contents">
      <Avatar name={name} size={size} quiet />
    </span>
    <span className="truncate">{name}</span>
  </span>
);

/** A key on the keyboard. */
export const Kbd = ({ children }: { children: React.ReactNode }) => (
  <kbd className="inline-grid h-5 min-w-5 place-items-center rounded-sm bg-surface px-1 font-sans text-xs text-muted ring-1 ring-inset ring-line">
    {children}
  </kbd>
);

/** Copies `text`; `label` says what it is ("Copy link"). */
export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    } catch {
      toast.failed("The browser doesn't let Keepwatch copy. Select the text and copy it yourself.");
    }
  };
  return (
    <IconButton
      label={copied ? "Copied" : label}
      icon={copied ? <Check size={16} className="text-up" /> : <Copy size={16} />}
      size="sm"
      onClick={() => void copy()}
    />
  );
}
