import { Link } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { cn } from "../lib/cn.ts";
import { Dialog } from "../ui/dialog.tsx";
import { KeepMark } from "./mark.tsx";
import { PLACES, type Place } from "./nav.ts";
import { useBurning, useMe } from "./session.ts";

const active = { exact: false } as const;
const exact = { exact: true } as const;

/** The left rail: icons with words, only icons on narrow screens, gone on phones. */
export function Rail() {
  const { installation } = useMe();
  return (
    <nav
      aria-label="Main"
      data-frame
      className="fixed inset-y-0 left-0 z-20 flex w-16 flex-col border-r border-line bg-surface max-sm:hidden lg:w-56"
    >
      <Link to="/" tabIndex={-1} className="flex h-14 items-center gap-3 px-[18px]">
        <KeepMark />
        <span className="truncate text-base font-semibold tracking-tight max-lg:sr-only">
          {installation.name}
        </span>
      </Link>
      <div className="flex flex-1 flex-col gap-0.5 overflow-y-auto px-2 pt-2">
        {PLACES.map((place) => (
          <RailLink key={place.to} place={place} />
        ))}
      </div>
      <p className="px-5 pb-4 text-xs text-faint num max-lg:hidden">
        {installation.demo ? "Demo · " : ""}
        {installation.version}
      </p>
    </nav>
  );
}

const RailLink = ({ place }: { place: Place }) => (
  <Link
    to={place.to}
    title={place.label}
    activeOptions={place.to === "/" ? exact : active}
    activeProps={{ className: "bg-brand-soft text-brand-text!" }}
    className="relative flex h-10 items-center gap-3 rounded-md px-3.5 text-sm font-medium text-muted transition-colors hover:bg-hover hover:text-text focus-visible:-outline-offset-2"
  >
    <place.icon size={19} strokeWidth={1.85} className="shrink-0" aria-hidden />
    <span className="max-lg:sr-only">{place.label}</span>
    {place.to === "/incidents" && (
      <BurningCount className="ml-auto max-lg:absolute max-lg:top-0.5 max-lg:right-0.5" />
    )}
  </Link>
);

/** How many incidents burn; nothing when none does. */
function BurningCount({ className }: { className?: string }) {
  const burning = useBurning().length;
  if (burning === 0) return null;
  return (
    <span
      className={cn(
        "grid h-5 min-w-5 place-items-center rounded-full bg-burn px-1.5 text-xs font-semibold text-[#fff] num",
        className,
      )}
    >
      {burning}
      <span className="sr-only"> open</span>
    </span>
  );
}

const barItem =
  "relative flex min-w-0 flex-auto flex-col items-center justify-center gap-1.5 px-0.5 text-muted focus-visible:-outline-offset-2";

/** The rail on phones: a bar at the bottom, five places and More. */
export function BottomBar() {
  const [more, setMore] = useState(false);
  return (
    <nav
      aria-label="Main"
      data-frame
      className="fixed inset-x-0 bottom-0 z-20 flex h-[calc(3.75rem+env(safe-area-inset-bottom))] border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {PLACES.slice(0, 5).map((place) => (
        <Link
          key={place.to}
          to={place.to}
          activeOptions={place.to === "/" ? exact : active}
          activeProps={{ className: "text-brand-text! font-medium" }}
          className={barItem}
        >
          <place.icon size={21} strokeWidth={1.85} aria-hidden />
          <span className="max-w-full truncate text-[0.75rem] leading-none">{place.label}</span>
          {place.to === "/incidents" && <BurningCount className="absolute top-0.5 left-[calc(50%+4px)]" />}
        </Link>
      ))}
      <button type="button" onClick={() => setMore(true)} className={barItem}>
        <Ellipsis size={21} strokeWidth={1.85} aria-hidden />
        <span className="text-[0.75rem] leading-none">More</span>
      </button>
      <Dialog open={more} onClose={() => setMore(false)} title="More">
        <ul className="-mx-3 flex flex-col">
          {PLACES.slice(5).map((place) => (
            <li key={place.to}>
              <Link
                to={place.to}
                onClick={() => setMore(false)}
                className="flex h-13 items-center gap-4 rounded-md px-3 text-base hover:bg-hover"
              >
                <place.icon size={21} className="text-muted" aria-hidden />
                {place.label}
              </Link>
            </li>
          ))}
        </ul>
      </Dialog>
    </nav>
  );
}
