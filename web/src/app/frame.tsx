import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useLayoutEffect, useRef, useState } from "react";
import { handsOn } from "../lib/hands.ts";
import { useLive } from "./live.ts";
import { PLACES, type Place } from "./nav.ts";
import { BottomBar, Rail } from "./rail.tsx";
import { useThemeOfMe } from "./session.ts";
import { useShortcut, useShortcutKeys } from "./shortcuts.ts";
import { Strips } from "./strips.tsx";
import { TopBar } from "./top-bar.tsx";

const Palette = lazy(async () => ({ default: (await import("./palette.tsx")).Palette }));
const ShortcutsDialog = lazy(async () => ({
  default: (await import("./shortcuts-dialog.tsx")).ShortcutsDialog,
}));

/** Everything around a page for someone signed in. */
export function Frame() {
  const [open, setOpen] = useState<"palette" | "shortcuts" | null>(null);
  const header = useRef<HTMLElement>(null);
  const main = useRef<HTMLElement>(null);
  useLive();
  useThemeOfMe();
  useShortcutKeys();
  useSteadyHeader(header);
  usePaletteKey(() => setOpen("palette"));
  useFocusOnNavigation(main);
  useShortcut({
    keys: "?",
    label: "Show the keyboard shortcuts",
    group: "Everywhere",
    run: () => setOpen("shortcuts"),
  });
  useShortcut({ keys: "/", label: "Search", group: "Everywhere", run: () => setOpen("palette") });
  return (
    <>
      <a
        href="#main"
        className="fixed top-2 left-2 z-60 -translate-y-20 rounded-md bg-brand px-4 py-2 text-sm font-medium text-on-brand focus:translate-y-0"
      >
        Skip to the page
      </a>
      {PLACES.map((place) => (
        <GoShortcut key={place.to} place={place} />
      ))}
      <Rail />
      <div className="sm:pl-16 lg:pl-56">
        <header
          ref={header}
          data-frame
          className="sticky top-0 z-20 border-b border-line bg-canvas/95 backdrop-blur-sm"
        >
          <Strips />
          <TopBar onSearch={() => setOpen("palette")} onShortcuts={() => setOpen("shortcuts")} />
        </header>
        <main
          id="main"
          ref={main}
          tabIndex={-1}
          className="mx-auto min-h-[calc(100dvh-3.5rem)] max-w-360 px-4 pt-6 pb-28 sm:px-6 sm:pt-8 sm:pb-16"
        >
          <Outlet />
        </main>
      </div>
      <BottomBar />
      <Suspense>
        {open === "palette" && <Palette onClose={() => setOpen(null)} />}
        {open === "shortcuts" && <ShortcutsDialog onClose={() => setOpen(null)} />}
      </Suspense>
    </>
  );
}

function GoShortcut({ place }: { place: Place }) {
  const navigate = useNavigate();
  useShortcut({
    keys: `g ${place.key}`,
    label: place.label,
    group: "Go to",
    run: () => void navigate({ to: place.to }),
  });
  return null;
}

/** Ctrl/⌘ K opens the palette from anywhere, also while typing. */
function usePaletteKey(open: () => void): void {
  const run = useRef(open);
  run.current = open;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      run.current();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

/**
 * Tells the page how tall the header is, and when a strip comes or goes under someone's hands,
 * scrolls by as much, so that what they were about to touch stays where it was.
 */
function useSteadyHeader(header: React.RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = header.current;
    if (element === null) return;
    let height = element.offsetHeight;
    const apply = () => {
      const next = element.offsetHeight;
      document.documentElement.style.setProperty("--header-h", `${next}px`);
      if (next !== height && (handsOn() || window.scrollY > 0))
        window.scrollBy({ top: next - height, behavior: "instant" });
      height = next;
    };
    apply();
    const resized = new ResizeObserver(apply);
    resized.observe(element);
    return () => resized.disconnect();
  }, [header]);
}

/** A new page takes the focus, so that keyboards and screen readers begin where the eye does. */
function useFocusOnNavigation(main: React.RefObject<HTMLElement | null>): void {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current !== path) main.current?.focus({ preventScroll: true });
    shown.current = path;
  }, [path, main]);
}
