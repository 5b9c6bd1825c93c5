import { Bell, Info } from "lucide-react";
import { dayTime, duration, toMs } from "../../lib/time.ts";
import type { Simulation } from "../../lib/types.ts";
import { Badge, Person } from "../../ui/small.tsx";
import { CHANNEL_ICONS } from "../settings/channel-icons.tsx";

interface Moment {
  at: string;
  notes: readonly string[];
  pages: Simulation["items"];
}

/** What happens at the same instant, together. */
function momentsOf({ at, items, notes }: Simulation): Moment[] {
  const times = [
    ...new Set([
      ...(items.length + notes.length > 0 ? [at] : []),
      ...items.map((item) => item.at),
      ...notes.map((note) => note.at),
    ]),
  ].toSorted((a, b) => toMs(a) - toMs(b));
  return times.map((at) => ({
    at,
    notes: notes.filter((note) => note.at === at).map((note) => note.text),
    pages: items.filter((item) => item.at === at),
  }));
}

/** The pages of a simulation on a vertical line of time; longer waits are longer stretches of line. */
export function SimulationLine({ simulation }: { simulation: Simulation }) {
  const moments = momentsOf(simulation);
  const start = toMs(moments[0]?.at ?? "");
  if (moments.length === 0)
    return (
      <p className="rounded-lg bg-down-soft p-5 text-sm text-down">
        Nobody would be paged: there is nobody to reach, at any level or in the fallback.
      </p>
    );
  return (
    <>
      {simulation.policy && (
        <p className="mb-4 text-sm text-muted">
          By the policy <span className="font-medium text-text">{simulation.policy.name}</span>
          {simulation.path && (
            <>
              {simulation.path.name === null ? ", its own levels: " : ", path "}
              <span className="font-medium text-text">{simulation.path.name}</span>
              {simulation.path.name !== null && ": "}
              {simulation.path.because}
            </>
          )}
        </p>
      )}
      <ol className="relative">
        {moments.map((moment, at) => {
          const next = moments[at + 1];
          const wait = next === undefined ? 0 : toMs(next.at) - toMs(moment.at);
          return (
            <li
              key={moment.at}
              className="relative grid grid-cols-[5.5rem_1.5rem_minmax(0,1fr)] gap-x-3 last:pb-0"
              style={{
                paddingBottom: next === undefined ? 0 : Math.min(96, 16 + Math.sqrt(wait / 1000) * 2),
              }}
            >
              <span className="pt-0.5 text-right num">
                <span className="block text-sm font-medium">
                  {at === 0 ? "at once" : `+ ${duration(toMs(moment.at) - start)}`}
                </span>
                <span className="block text-xs text-faint">{dayTime(toMs(moment.at), toMs(moment.at))}</span>
              </span>
              <span aria-hidden className="relative flex justify-center">
                {next !== undefined && (
                  <span
                    className="absolute top-6 w-0.5 bg-line"
                    style={{
                      height: `calc(100% - 1.5rem + ${Math.min(96, 16 + Math.sqrt(wait / 1000) * 2)}px)`,
                    }}
                  />
                )}
                <span
                  className={`mt-1 grid size-5 place-items-center rounded-full ${moment.pages.length > 0 ? "bg-brand text-on-brand" : "bg-sunken text-muted ring-1 ring-line ring-inset"}`}
                >
                  {moment.pages.length > 0 ? <Bell size={12} /> : <Info size={12} />}
                </span>
              </span>
              <div className="min-w-0 pt-0.5">
                <ul className="flex flex-col gap-1.5">
                  {moment.pages.map((page) => (
                    <li
                      key={`${page.person.id} ${page.method} ${page.level} ${page.repeat}`}
                      className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm"
                    >
                      <span className="font-medium">
                        <Person name={page.person.name} />
                      </span>
                      <span className="inline-flex items-center gap-1.5 text-muted">
                        <span aria-hidden>{CHANNEL_ICONS[page.channel]}</span>
                        {page.method}
                      </span>
                      {page.waits && <span className="text-muted">{page.waits}</span>}
                      <Badge>
                        level {page.level}
                        {page.repeat > 0 && `, run ${page.repeat + 1}`}
                      </Badge>
                    </li>
                  ))}
                </ul>
                {moment.notes.map((note) => (
                  <p key={note} className="mt-1 text-xs text-muted">
                    {note}
                  </p>
                ))}
              </div>
            </li>
          );
        })}
      </ol>
    </>
  );
}
