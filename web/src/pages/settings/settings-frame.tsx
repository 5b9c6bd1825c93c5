import { Link, Outlet } from "@tanstack/react-router";
import { useMay, useMe } from "../../app/session.ts";
import { PageHeader } from "../../ui/page-header.tsx";

/** One's own settings for everybody; the installation's for administrators. */
export function SettingsFrame() {
  const admin = useMay("administer");
  const { installation } = useMe();
  const pages = [
    { to: "/settings", label: "Profile" },
    ...(admin
      ? [
          { to: "/settings/people", label: "People" },
          { to: "/settings/teams", label: "Teams" },
          { to: "/settings/tokens", label: "API tokens" },
          { to: "/settings/audit", label: "Audit log" },
          { to: "/settings/installation", label: "Installation" },
        ]
      : []),
    ...(admin && installation.demo ? [{ to: "/settings/caught-mail", label: "Caught mail" }] : []),
  ];
  return (
    <>
      <PageHeader title="Settings" />
      <div className="grid gap-6 lg:grid-cols-[180px_minmax(0,1fr)]">
        <nav aria-label="Settings" className="flex gap-1 overflow-x-auto pb-1 lg:flex-col">
          {pages.map(({ to, label }) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: true }}
              className="rounded-md px-3 py-2 text-sm whitespace-nowrap text-muted hover:bg-hover hover:text-text aria-[current=page]:bg-brand-soft aria-[current=page]:font-medium aria-[current=page]:text-brand-text"
            >
              {label}
            </Link>
          ))}
        </nav>
        <div className="flex min-w-0 flex-col gap-6">
          <Outlet />
        </div>
      </div>
    </>
  );
}
