import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CheckCircle2, CircleAlert } from "lucide-react";
import { plural } from "../../lib/format.ts";
import { useStored } from "../../lib/stored.ts";
import type { Me } from "../../lib/types.ts";
import { buttonClass } from "../../ui/button.tsx";
import { policiesQuery, servicesQuery } from "../services/queries.ts";
import { methodsQuery } from "../settings/queries.ts";
import { sampleShopQuery } from "./queries.ts";
import { SampleShopCard } from "./sample-shop-card.tsx";
import { StepHeading } from "./setup-frame.tsx";

/** What stands, what was skipped, and something to try at once. */
export function FinishStep({ me }: { me: Me }) {
  const methods = useQuery(methodsQuery(me.user.id));
  const services = useQuery(servicesQuery());
  const policies = useQuery(policiesQuery);
  const shop = useQuery(sampleShopQuery);
  const [, keep] = useStored("setup-step", "4");
  const reached = methods.data?.items.filter((method) => method.verified_at !== null).length ?? 0;
  const watched = services.data?.items.reduce((sum, service) => sum + service.monitors, 0) ?? 0;
  const levels = policies.data?.items[0]?.levels.length ?? 0;
  return (
    <>
      <StepHeading title="Keepwatch keeps watch">
        This is where you stand. Everything can be changed later, under Settings and On call.
      </StepHeading>
      <ul className="mb-8 flex flex-col gap-3 text-base">
        <Line done={reached > 0} back={() => keep("1")}>
          {reached > 0
            ? `You can be reached in ${plural(reached, "way")}.`
            : "Nothing can reach you yet; a page would find nobody."}
        </Line>
        <Line done={watched > 0} back={() => keep("2")}>
          {watched > 0 ? `${plural(watched, "monitor")} on watch.` : "Nothing is watched yet."}
        </Line>
        <Line done={levels > 1} back={() => keep("3")}>
          {levels > 1 ? "Somebody is next if you don't answer." : "Nobody is next if you don't answer."}
        </Line>
      </ul>
      {shop.data?.monitor && <SampleShopCard className="mb-8" />}
      <div className="flex flex-wrap gap-3 max-sm:*:flex-1">
        <Link to="/" className={buttonClass("primary", "lg")}>
          Open the overview
        </Link>
        {shop.data?.monitor && (
          <Link
            to="/monitors/$slug"
            params={{ slug: shop.data.monitor }}
            className={buttonClass("secondary", "lg")}
          >
            See the shop's monitor
          </Link>
        )}
      </div>
    </>
  );
}

function Line({ done, back, children }: { done: boolean; back: () => void; children: React.ReactNode }) {
  return (
    <li className="flex items-start gap-3">
      {done ? (
        <CheckCircle2 size={20} className="mt-0.5 shrink-0 text-up" aria-label="done" />
      ) : (
        <CircleAlert size={20} className="mt-0.5 shrink-0 text-degraded" aria-label="still to do" />
      )}
      <span>
        {children}{" "}
        {!done && (
          <button type="button" onClick={back} className="text-brand-text underline underline-offset-4">
            Do it now
          </button>
        )}
      </span>
    </li>
  );
}
