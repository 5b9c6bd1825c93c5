/** Every screen that the journeys photograph, at each width and in each theme, into docs/screenshots. */
export const SCREENS = [
  "sign-in",
  "setup-you",
  "setup-reach",
  "setup-watch",
  "setup-next",
  "overview",
  "overview-burning",
  "incidents",
  "incident",
  "monitors",
  "monitor",
  "monitor-new",
  "services",
  "service",
  "maintenance",
  "oncall",
  "schedule",
  "policies",
  "simulator",
  "postmortems",
  "postmortem",
  "postmortem-edit",
  "problems",
  "problem",
  "settings-profile",
  "settings-contact",
  "settings-people",
  "settings-teams",
  "settings-tokens",
  "settings-audit",
  "settings-installation",
  "ack-link",
] as const;
export type Screen = (typeof SCREENS)[number];

/** Of the window, in CSS pixels: a laptop and a phone. */
export const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;
export const THEMES = ["light", "dark"] as const;

export interface Shot {
  screen: Screen;
  size: (typeof SIZES)[number];
  theme: (typeof THEMES)[number];
  /** e.g. "incident-1440-light.png" */
  file: string;
}

/** All pictures of one screen. */
export const shotsOf = (screen: Screen): Shot[] =>
  SIZES.flatMap((size) =>
    THEMES.map((theme) => ({ screen, size, theme, file: `${screen}-${size.width}-${theme}.png` })),
  );
