import { Slot } from "radix-ui";
import { cn } from "../lib/cn.ts";
import { Spinner } from "./spinner.tsx";
import { Tooltip } from "./tooltip.tsx";

export type ButtonVariant = "primary" | "secondary" | "danger" | "ghost" | "onBurn";
export type ButtonSize = "sm" | "md" | "lg";

const VARIANTS: Record<ButtonVariant, string> = {
  primary: "bg-brand text-on-brand hover:bg-brand-hover",
  secondary:
    "bg-surface text-text ring-1 ring-inset ring-line-strong/50 hover:bg-hover hover:ring-line-strong",
  danger: "bg-surface text-down ring-1 ring-inset ring-down/45 hover:bg-down-soft",
  ghost: "text-muted hover:bg-hover hover:text-text",
  onBurn: "bg-[#fff] text-[#8f1616] hover:bg-[#ffe9e7] focus-visible:outline-[#fff]",
};
const SIZES: Record<ButtonSize, string> = {
  sm: "h-8 px-3 text-sm gap-1.5",
  md: "h-9 px-4 text-sm gap-2 max-sm:h-11 max-sm:text-base",
  lg: "h-12 px-5 text-base gap-2",
};

/** The look of a button, for links that act as one. */
export const buttonClass = (variant: ButtonVariant = "secondary", size: ButtonSize = "md"): string =>
  cn(
    "inline-flex items-center justify-center rounded-md font-medium whitespace-nowrap select-none",
    "transition-colors duration-150 disabled:opacity-50 aria-disabled:opacity-50",
    VARIANTS[variant],
    SIZES[size],
  );

export interface ButtonProps extends React.ComponentProps<"button"> {
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** While true the button shows a spinner, keeps its width and takes no clicks. */
  busy?: boolean;
  /** Gives the look to the only child, a link say. */
  asChild?: boolean;
}

export function Button({ variant, size, busy = false, asChild, className, children, ...rest }: ButtonProps) {
  const look = cn(buttonClass(variant, size), className);
  if (asChild)
    return (
      <Slot.Root className={look} {...rest}>
        {children}
      </Slot.Root>
    );
  return (
    <button
      type="button"
      {...rest}
      className={cn(look, busy && "relative")}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    >
      {busy ? (
        <>
          <span className="absolute inset-0 grid place-items-center">
            <Spinner />
          </span>
          <span className="contents [&>*]:invisible">
            <span className="inline-flex items-center gap-2">{children}</span>
          </span>
        </>
      ) : (
        children
      )}
    </button>
  );
}

interface IconButtonProps extends Omit<React.ComponentProps<"button">, "children"> {
  /** What it does: the tooltip, and the name for screen readers. */
  label: string;
  icon: React.ReactNode;
  size?: "sm" | "md";
  variant?: "ghost" | "secondary";
  /** Leaves the tooltip out, where a menu opens in its place. */
  quiet?: boolean;
}

export function IconButton({
  label,
  icon,
  size = "md",
  variant = "ghost",
  quiet,
  className,
  ...rest
}: IconButtonProps) {
  const button = (
    <button
      type="button"
      aria-label={label}
      {...rest}
      className={cn(
        "inline-grid shrink-0 place-items-center rounded-md transition-colors duration-150 disabled:opacity-50",
        VARIANTS[variant],
        size === "sm" ? "size-8" : "size-9 max-sm:size-11",
        className,
      )}
    >
      {icon}
    </button>
  );
  return quiet ? button : <Tooltip content={label}>{button}</Tooltip>;
}
