import { KeepMark } from "../../app/mark.tsx";
import { useTitle } from "../../ui/page-header.tsx";

/** The small page before one is inside: mark, heading, a form. */
export function Door({
  title,
  lead,
  children,
  foot,
}: {
  title: string;
  lead?: React.ReactNode;
  children: React.ReactNode;
  foot?: React.ReactNode;
}) {
  useTitle(title);
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-100">
        <div className="mb-8 flex items-center justify-center gap-3">
          <KeepMark size={36} />
          <span className="text-lg font-semibold tracking-tight">Keepwatch</span>
        </div>
        <div className="rounded-lg border border-line bg-surface p-6 sm:p-8">
          <h1 className="text-lg font-semibold">{title}</h1>
          {lead && <div className="mt-1 text-sm text-muted">{lead}</div>}
          <div className="mt-6">{children}</div>
        </div>
        {foot && <div className="mt-4 text-center text-sm text-muted">{foot}</div>}
      </div>
    </main>
  );
}

export const doorLink = "text-brand-text underline underline-offset-4";
