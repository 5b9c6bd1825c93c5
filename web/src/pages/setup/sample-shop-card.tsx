import { useMutation, useQuery } from "@tanstack/react-query";
import { ExternalLink, Store } from "lucide-react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import { cn } from "../../lib/cn.ts";
import type { SampleShop, ShopMode } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { toast } from "../../ui/toast.tsx";
import { sampleShopQuery } from "./queries.ts";

const BREAKS: readonly { mode: ShopMode; label: string; help: string }[] = [
  { mode: "errors", label: "Answer 502", help: "A server error on every page" },
  { mode: "slow", label: "Be slow", help: "Two and a half seconds for every page" },
  { mode: "wrong", label: "Show the wrong page", help: "Status 200, but nothing to buy" },
  { mode: "gone", label: "Go away", help: "Nothing listens any more" },
];

/** The switchboard of the shop that comes with Keepwatch: break it and see who is paged; mend it and see it end. */
export function SampleShopCard({ className }: { className?: string }) {
  const query = useQuery(sampleShopQuery);
  const set = useMutation({
    mutationFn: (mode: ShopMode) => api.post<SampleShop>("/sample-shop", { mode }),
    onSuccess: (shop) => queryClient.setQueryData(sampleShopQuery.queryKey, shop),
    onError: toast.failed,
  });
  const shop = query.data;
  if (shop === undefined) return null;
  const broken = shop.mode !== "fine";
  const now = BREAKS.find(({ mode }) => mode === shop.mode);
  return (
    <section
      aria-label="The sample shop"
      className={cn("rounded-lg border border-line bg-surface p-4 sm:p-5", className)}
    >
      <div className="flex items-start gap-3">
        <Store size={20} className="mt-0.5 shrink-0 text-muted" aria-hidden />
        <div className="min-w-0 flex-1">
          <h2 className="text-sm font-semibold">The sample shop</h2>
          <p className="text-sm text-muted">
            {broken
              ? `It is broken: ${now?.help.toLowerCase() ?? "it fails"}.`
              : "It is fine. Break it, and see who is paged and how fast."}
          </p>
        </div>
        <a
          href={shop.url}
          target="_blank"
          rel="noreferrer"
          className="inline-flex h-8 shrink-0 items-center gap-1.5 text-sm text-brand-text underline-offset-4 hover:underline"
        >
          Visit <ExternalLink size={14} aria-hidden />
        </a>
      </div>
      <div className="mt-4 flex flex-wrap gap-2">
        {broken && (
          <Button
            variant="primary"
            busy={set.isPending && set.variables === "fine"}
            onClick={() => set.mutate("fine")}
          >
            Mend it
          </Button>
        )}
        {BREAKS.filter(({ mode }) => mode !== shop.mode).map(({ mode, label, help }) => (
          <Button
            key={mode}
            title={help}
            busy={set.isPending && set.variables === mode}
            onClick={() => set.mutate(mode)}
          >
            {label}
          </Button>
        ))}
      </div>
    </section>
  );
}
