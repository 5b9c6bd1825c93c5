import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useTicking } from "../lib/clock.ts";
import { listOf } from "../lib/format.ts";
import { dayTime, toMs } from "../lib/time.ts";
import type { OnCallNow } from "../lib/types.ts";
import { Avatars, Kbd } from "../ui/small.tsx";
import { KeepMark } from "./mark.tsx";
import { onCallQuery, useMe } from "./session.ts";
import { UserMenu } from "./user-menu.tsx";

const isMac = navigator.platform.startsWith("Mac");

/** Search, who is on call now, and me. */
export const TopBar = ({ onSearch, onShortcuts }: { onSearch: () => void; onShortcuts: () => void }) => (
  <div className="flex h-14 items-center gap-2 px-4 sm:gap-4 sm:px-6">
    <Link to="/" className="mr-1 sm:hidden" aria-label="Overview">
      <KeepMark />
    </Link>
    <button
      type="button"
      onClick={onSearch}
      className="flex h-9 w-full max-w-90 min-w-0 items-center gap-2.5 rounded-md bg-surface px-3 text-sm text-faint ring-1 ring-inset ring-line transition-colors hover:text-muted hover:ring-line-strong max-sm:h-10"
    >
      <Search size={16} className="shrink-0" aria-hidden />
      <span className="flex-1 truncate text-left">Search or jump to…</span>
      <span className="flex gap-1 max-md:hidden" aria-hidden>
        <Kbd>{isMac ? "⌘" : "Ctrl"}</Kbd>
        <Kbd>K</Kbd>
      </span>
    </button>
    <div className="flex-1 max-sm:hidden" />
    <OnCallNowLink />
    <MyState />
    <UserMenu onShortcuts={onShortcuts} />
  </div>
);

/** Faces of those on call, and the next hand-off. */
function OnCallNowLink() {
  const { data } = useQuery(onCallQuery);
  const handOff = useTicking((now) => handOffWords(data, now));
  if (data === undefined || data.items.length === 0) return null;
  const names = [...new Set(data.items.flatMap((item) => item.people.map((person) => person.name)))];
  return (
    <Link
      to="/oncall"
      className="flex h-9 shrink-0 items-center gap-2.5 rounded-md px-2 text-sm text-muted hover:bg-hover"
    >
      <span className="sr-only">On call now:</span>
      {names.length > 0 ? (
        <Avatars names={names} most={3} size={26} />
      ) : (
        <span className="font-medium text-down">Nobody on call</span>
      )}
      <span className="max-w-56 truncate max-lg:hidden num">{handOff}</span>
    </Link>
  );
}

/** "Bo takes over Mon 09:00": the nearest hand-off of all schedules. */
function handOffWords(now: OnCallNow | undefined, nowMs: number): string {
  const next = now?.items
    .flatMap((item) => (item.until === null ? [] : [{ until: item.until, people: item.next_people }]))
    .toSorted((a, b) => toMs(a.until) - toMs(b.until))[0];
  if (next === undefined) return "On call";
  const who = listOf(next.people.map((person) => person.name.split(" ")[0] ?? person.name)) || "nobody";
  return `${who} ${next.people.length > 1 ? "take" : "takes"} over ${dayTime(toMs(next.until), nowMs)}`;
}

/** "On call until Mon 09:00", or nothing. */
function MyState() {
  const mine = useMe().on_call;
  const words = useTicking((now) => {
    const ends = mine.flatMap((shift) => (shift.until === null ? [] : [toMs(shift.until)]));
    const last = Math.max(...ends);
    return ends.length === 0 ? "You're on call" : `You're on call until ${dayTime(last, now)}`;
  });
  if (mine.length === 0) return null;
  return (
    <Link
      to="/oncall"
      className="inline-flex h-7 shrink-0 items-center gap-2 rounded-full bg-brand-soft px-3 text-xs font-medium text-brand-text num max-md:hidden"
      title={mine.map((shift) => shift.schedule.name).join(", ")}
    >
      {words}
    </Link>
  );
}
