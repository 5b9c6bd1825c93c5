import { useEffect, useSyncExternalStore } from "react";
import { useNow } from "../lib/clock.ts";
import { useStored } from "../lib/stored.ts";

export type ThemeChoice = "auto" | "light" | "dark";
export type Density = "comfortable" | "compact";

const isNight = (atMs: number): boolean => {
  const hour = new Date(atMs).getHours();
  return hour >= 20 || hour < 7;
};

/** The chosen theme; "auto" is dark from 20:00 to 07:00 local. `/theme.js` does the same before the first paint. */
export function useTheme(): [ThemeChoice, (choice: ThemeChoice) => void] {
  const [choice, choose] = useStored("theme", "auto");
  return [choice as ThemeChoice, choose];
}

/** How close the rows of tables stand. */
export function useDensity(): [Density, (density: Density) => void] {
  const [density, choose] = useStored("density", "comfortable");
  return [density as Density, choose];
}

const phone = window.matchMedia("(max-width: 640px)");
const onPhoneChange = (listener: () => void) => {
  phone.addEventListener("change", listener);
  return () => phone.removeEventListener("change", listener);
};

/** Whether the window is as narrow as a phone. */
export const usePhone = (): boolean => useSyncExternalStore(onPhoneChange, () => phone.matches);

/** Height of a table's row in px, as the density has it; phones have room for a thumb. The same as `--row-h`. */
export function useRowHeight(): number {
  const [density] = useDensity();
  if (usePhone()) return 60;
  return density === "compact" ? 32 : 44;
}

/** Keeps the document in the chosen theme and density; once, in the app's root. */
export function useAppearance(): void {
  const [choice] = useTheme();
  const [density] = useDensity();
  const night = isNight(useNow());
  const theme = choice === "auto" ? (night ? "dark" : "light") : choice;
  useEffect(() => {
    const root = document.documentElement;
    root.dataset.theme = theme;
    root.dataset.density = density;
    document
      .querySelector('meta[name="theme-color"]')
      ?.setAttribute("content", theme === "dark" ? "#0d0f15" : "#f5f6f8");
  }, [theme, density]);
}
