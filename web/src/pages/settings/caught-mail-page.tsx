import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../lib/api.ts";
import { Card } from "../../ui/card.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";

interface CaughtMail {
  id: number;
  at: string;
  to: string;
  subject: string;
  text: string;
  html: string;
}

const LOOK_AGAIN_MS = 3_000;

/** In the demo: the mails that would have been sent. */
export function CaughtMailPage() {
  const query = useQuery({
    queryKey: ["caught-mail"],
    queryFn: ({ signal }) => api.get<{ items: CaughtMail[] }>("/caught-mail", {}, signal),
    refetchInterval: LOOK_AGAIN_MS,
  });
  const [chosen, setChosen] = useState<number | null>(null);
  return (
    <>
      <PageHeader title="Caught mail" />
      <Card flush>
        <Loaded query={query}>
          {({ items }) => {
            const first = items[0];
            if (!first)
              return (
                <EmptyState title="No mail yet">
                  Break the sample shop: the pages that would go out by mail are caught and shown here.
                </EmptyState>
              );
            const mail = items.find(({ id }) => id === chosen) ?? first;
            return (
              <div className="grid border-t border-line md:grid-cols-[260px_minmax(0,1fr)]">
                <ul className="max-h-[70vh] divide-y divide-line overflow-y-auto border-r border-line">
                  {items.map((each) => (
                    <li key={each.id}>
                      <button
                        type="button"
                        aria-pressed={each.id === mail.id}
                        onClick={() => setChosen(each.id)}
                        className="w-full px-4 py-3 text-left text-sm hover:bg-hover aria-pressed:bg-brand-soft"
                      >
                        <span className="block truncate font-medium">{each.subject}</span>
                        <span className="block truncate text-xs text-muted">
                          to {each.to} · <Time at={each.at} />
                        </span>
                      </button>
                    </li>
                  ))}
                </ul>
                <iframe
                  title={mail.subject}
                  sandbox=""
                  srcDoc={mail.html || `<pre>${mail.text.replaceAll("<", "&lt;")}</pre>`}
                  className="h-[70vh] w-full bg-white"
                />
              </div>
            );
          }}
        </Loaded>
      </Card>
    </>
  );
}
