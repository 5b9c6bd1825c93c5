import { ChevronRight } from "lucide-react";
import { useEffect } from "react";

/** The browser's tab: "Monitors · Keepwatch". */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Keepwatch`;
  }, [title]);
}

/** The page's heading with its actions; also names the browser's tab. */
export function PageHeader({
  title,
  tab,
  lead,
  crumbs,
  actions,
}: {
  title: React.ReactNode;
  /** The tab's words where `title` is not plain text. */
  tab?: string;
  /** One line under the title. */
  lead?: React.ReactNode;
  crumbs?: React.ReactNode;
  actions?: React.ReactNode;
}) {
  useTitle(tab ?? (typeof title === "string" ? title : "Keepwatch"));
  return (
    <header className="mb-6 flex flex-wrap items-center justify-between sm:items-end gap-x-6 gap-y-4">
      <div className="min-w-0">
        {crumbs}
        <h1 className="text-lg leading-tight sm:text-xl sm:leading-tight font-semibold tracking-tight break-words">
          {title}
        </h1>
        {lead && <div className="mt-1.5 text-sm text-muted">{lead}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}

/** Where this page lies: links to what is above it. */
export function Breadcrumb({ children }: { children: readonly React.ReactNode[] | React.ReactNode }) {
  const items = Array.isArray(children) ? children : [children];
  return (
    <nav aria-label="Breadcrumb" className="mb-1.5">
      <ol className="flex flex-wrap items-center gap-1 text-sm text-muted [&_a:hover]:text-text [&_a]:underline-offset-4 [&_a:hover]:underline">
        {items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the path is fixed for a page
          <li key={index} className="flex items-center gap-1">
            {item}
            <ChevronRight size={14} aria-hidden />
          </li>
        ))}
      </ol>
    </nav>
  );
}
