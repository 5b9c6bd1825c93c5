import { queryOptions, useQuery } from "@tanstack/react-query";
import { ArrowLeft, Mail } from "lucide-react";
import { useState } from "react";
import { api } from "../../lib/api.ts";
import { cn } from "../../lib/cn.ts";
import type { CaughtMail, PageOf } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { useWalkable } from "../../ui/walkable.ts";

const LOOK_AGAIN_MS = 5000;

const caughtQuery = queryOptions({
  queryKey: ["caught-mail"],
  queryFn: ({ signal }) => api.get<PageOf<CaughtMail>>("/caught-mail", {}, signal),
  refetchInterval: LOOK_AGAIN_MS,
});

/** In the demo: what would have gone out by mail, newest first, to read as it would arrive. */
export function CaughtMailPage() {
  const query = useQuery(caughtQuery);
  const [openId, setOpenId] = useState<number | null>(null);
  return (
    <>
      <PageHeader title="Caught mail" lead="The demo sends nothing: what would have gone out lands here." />
      <Card flush>
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon={<Mail size={22} />} title="No mail yet">
                Break the sample shop: a minute later its page is here, with the link that acknowledges it.
              </EmptyState>
            ) : (
              <div className="grid md:h-[70dvh] md:grid-cols-[19rem_minmax(0,1fr)]">
                <List items={items} openId={openId} onOpen={setOpenId} />
                <Letter mail={items.find(({ id }) => id === openId)} onBack={() => setOpenId(null)} />
              </div>
            )
          }
        </Loaded>
      </Card>
    </>
  );
}

interface ListProps {
  items: readonly CaughtMail[];
  openId: number | null;
  onOpen: (id: number) => void;
}

function List({ items, openId, onOpen }: ListProps) {
  const walk = useWalkable();
  return (
    <div
      {...walk}
      className={cn(
        "divide-y divide-line overflow-y-auto md:border-r md:border-line",
        openId !== null && "max-md:hidden",
      )}
    >
      {items.map((mail) => (
        <button
          key={mail.id}
          type="button"
          data-row
          aria-pressed={mail.id === openId}
          onClick={() => onOpen(mail.id)}
          className={cn(
            "block w-full px-4 py-3 text-left text-sm focus-visible:-outline-offset-2",
            mail.id === openId ? "bg-brand-soft" : "hover:bg-hover",
          )}
        >
          <span className="flex items-baseline justify-between gap-3 text-xs text-muted">
            <span className="truncate">{mail.to}</span>
            <Time at={mail.at} className="num shrink-0 whitespace-nowrap" />
          </span>
          <span className="mt-0.5 line-clamp-2 font-medium break-words">{mail.subject}</span>
        </button>
      ))}
    </div>
  );
}

function Letter({ mail, onBack }: { mail: CaughtMail | undefined; onBack: () => void }) {
  if (mail === undefined)
    return (
      <div className="grid place-items-center p-6 text-sm text-muted max-md:hidden">
        Choose a mail to read it.
      </div>
    );
  return (
    <section aria-label={mail.subject} className="flex min-h-0 min-w-0 flex-col max-md:h-[75dvh]">
      <header className="border-b border-line px-4 py-3 sm:px-5">
        <Button size="sm" variant="ghost" className="mb-2 -ml-3 md:hidden" onClick={onBack}>
          <ArrowLeft size={16} aria-hidden /> All mails
        </Button>
        <h2 className="text-base font-semibold break-words">{mail.subject}</h2>
        <p className="mt-0.5 text-sm text-muted">
          To {mail.to}, <Time at={mail.at} />
        </p>
      </header>
      {mail.html === "" ? (
        <p className="overflow-y-auto p-5 text-sm break-words whitespace-pre-wrap">{mail.text}</p>
      ) : (
        // Links may open in a tab of their own; no script of a mail ever runs here.
        <iframe
          title={mail.subject}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          srcDoc={withBlankTargets(mail.html)}
          className="min-h-0 w-full flex-1 bg-[#fff]"
        />
      )}
    </section>
  );
}

/** A mail's links lead out of the frame they are read in. */
const withBlankTargets = (html: string): string =>
  html.includes("<head>")
    ? html.replace("<head>", '<head><base target="_blank">')
    : `<base target="_blank">${html}`;
