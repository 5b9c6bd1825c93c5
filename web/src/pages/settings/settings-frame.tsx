import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useMay, useMe } from "../../app/session.ts";
import { cn } from "../../lib/cn.ts";
import { EmptyState } from "../../ui/states.tsx";

const OWN = [
  { to: "/settings", label: "Profile" },
  { to: "/settings/contact", label: "How you are paged" },
] as const;
/** For everybody to see; who may change which of them is told on it. */
const OPEN = [{ to: "/settings/integrations", label: "Integrations" }] as const;
const SHARED = [
  { to: "/settings/people", label: "People" },
  { to: "/settings/teams", label: "Teams" },
  { to: "/settings/providers", label: "Providers" },
  { to: "/settings/tokens", label: "API tokens" },
  { to: "/settings/audit", label: "Audit log" },
  { to: "/settings/installation", label: "Installation" },
] as const;
const CAUGHT = { to: "/settings/caught-mail", label: "Caught mail" } as const;

type Entry = (typeof OWN)[number] | (typeof OPEN)[number] | (typeof SHARED)[number] | typeof CAUGHT;

/** What is set where: one's own things for everybody, the installation's for its administrators. */
export function SettingsFrame() {
  const { installation } = useMe();
  const isAdmin = useMay("administer");
  const path = useLocation({ select: ({ pathname }) => pathname.replace(/\/$/, "") });
  const shared = isAdmin ? [...OPEN, ...SHARED, ...(installation.demo ? [CAUGHT] : [])] : OPEN;
  const nav = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page means another tab to bring into sight
  useEffect(() => {
    const current = nav.current?.querySelector<HTMLElement>("[aria-current]");
    if (nav.current && current) nav.current.scrollLeft = current.offsetLeft - nav.current.offsetLeft - 32;
  }, [path]);
  const allowed = isAdmin || [...OWN, ...OPEN].some(({ to }) => isAt(path, to));
  return (
    <div className="grid gap-6 md:grid-cols-[11rem_minmax(0,1fr)] md:gap-10">
      <nav
        ref={nav}
        aria-label="Settings"
        className="min-w-0 max-md:-mt-4 max-md:flex max-md:overflow-x-auto max-md:border-b max-md:border-line md:sticky md:top-20 md:self-start"
      >
        <Group title="You" entries={OWN} path={path} />
        <Group title={installation.name} entries={shared} path={path} />
      </nav>
      <div className="min-w-0 max-w-5xl">
        {allowed ? (
          <Outlet />
        ) : (
          <EmptyState title="Only administrators see this">
            Ask an administrator to change it, or to make you one.
          </EmptyState>
        )}
      </div>
    </div>
  );
}

/** Whether that page, or one beneath it, is open; one's own profile has none beneath it. */
const isAt = (path: string, to: Entry["to"]): boolean =>
  path === to || (to !== "/settings" && path.startsWith(`${to}/`));

function Group({ title, entries, path }: { title: string; entries: readonly Entry[]; path: string }) {
  return (
    <div className="max-md:contents md:mb-6">
      <h2 className="mb-1 truncate px-3 text-xs font-medium text-faint max-md:sr-only">{title}</h2>
      <ul className="max-md:flex max-md:shrink-0 md:flex md:flex-col md:gap-0.5">
        {entries.map(({ to, label }) => (
          <li key={to} className="shrink-0">
            <Link
              to={to}
              activeOptions={{ exact: to === "/settings", includeSearch: false }}
              className={cn(
                "flex items-center text-sm whitespace-nowrap focus-visible:-outline-offset-2",
                "max-md:h-11 max-md:border-b-2 max-md:px-3 md:h-9 md:rounded-md md:px-3",
                isAt(path, to)
                  ? "font-medium text-text max-md:border-brand-text md:bg-brand-soft md:text-brand-text"
                  : "text-muted hover:text-text max-md:border-transparent md:hover:bg-hover",
              )}
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
