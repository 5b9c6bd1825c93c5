import { cn } from "../lib/cn.ts";
import { CopyButton } from "./small.tsx";

/** Evidence or code as it came: status lines, headers, bodies, YAML. Outside text is text. */
export function Code({
  children,
  label,
  copy = true,
  wrap,
  className,
}: {
  children: string;
  /** What it is, for screen readers and the copy button. */
  label: string;
  copy?: boolean;
  wrap?: boolean;
  className?: string;
}) {
  return (
    <div className={cn("group relative min-w-0 rounded-md border border-line bg-sunken", className)}>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={label}
        className="max-h-96 overflow-auto"
      >
        <pre
          className={cn("px-3 py-2.5 text-xs leading-5 text-text", wrap && "break-words whitespace-pre-wrap")}
        >
          {children}
        </pre>
      </section>
      {copy && (
        <div className="absolute top-1 right-1 rounded-md bg-sunken opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 max-sm:opacity-100">
          <CopyButton text={children} label={`Copy ${label.toLowerCase()}`} />
        </div>
      )}
    </div>
  );
}

/** The line that says why: "status 502, wanted 200–299 · local · 14:03:21". */
export function EvidenceLine({
  children,
  tone = "down",
}: {
  children: React.ReactNode;
  tone?: "down" | "plain";
}) {
  return (
    <p
      className={cn(
        "min-w-0 rounded-md px-3 py-2 font-mono text-sm break-words",
        tone === "down" ? "bg-down-soft text-down" : "bg-sunken text-text",
      )}
    >
      {children}
    </p>
  );
}
