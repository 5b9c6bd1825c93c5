import { escapeHtml } from "../../platform/html.ts";
import type { MonitorStatus } from "../schema.ts";

export interface Badge {
  label: string;
  value: string;
  colour: string;
}

const GREEN = "#2a7d46";
const AMBER = "#9a6400";
const RED = "#b3261e";
const GREY = "#5f6368";

const STATUS_COLOURS: Record<MonitorStatus, string> = {
  up: GREEN,
  degraded: AMBER,
  down: RED,
  unknown: GREY,
};

export const statusBadge = (label: string, status: MonitorStatus | "paused" | "maintenance"): Badge => ({
  label,
  value: status,
  colour: status === "paused" || status === "maintenance" ? GREY : STATUS_COLOURS[status],
});

/** @param uptime 0 to 1; null when nothing is known */
export function uptimeBadge(label: string, uptime: number | null): Badge {
  if (uptime === null) return { label, value: "unknown", colour: GREY };
  const colour = uptime >= 0.999 ? GREEN : uptime >= 0.99 ? AMBER : RED;
  return { label, value: `${cutPercent(uptime)} %`, colour };
}

/** Cut, not rounded: 99.999 % of a month with an outage is not 100 %. */
const cutPercent = (share: number): string =>
  (Math.floor(share * 100_000 + 1e-6) / 1000).toFixed(3).replace(/\.?0+$/, "");

/** @param ms a response time; null when nothing was measured */
export const responseBadge = (label: string, ms: number | null): Badge => ({
  label,
  value: ms === null ? "unknown" : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`,
  colour: ms === null ? GREY : GREEN,
});

const HEIGHT = 20;
const PADDING = 7;
const FONT_SIZE = 11;

/** About what a sans-serif of 11 px takes; `textLength` makes it exact, whatever font the reader has. */
const widthOf = (text: string): number =>
  Math.ceil([...text].reduce((sum, letter) => sum + letterWidth(letter), 0));

function letterWidth(letter: string): number {
  if (/[iljI.,:;'|! ]/.test(letter)) return 3.6;
  if (/[mwMW@%]/.test(letter)) return 9.6;
  if (/[A-Z]/.test(letter)) return 7.6;
  return letter > "\u2e7f" ? 11 : 6.4;
}

/** Two fields side by side, 20 px high, readable by itself and by a screen reader. */
export function badgeSvg({ label, value, colour }: Badge): string {
  const [left, right] = [label, value].map((text) => widthOf(text) + 2 * PADDING) as [number, number];
  const text = (words: string, x: number, width: number) =>
    `<text x="${x + PADDING}" y="14" textLength="${width - 2 * PADDING}">${escapeHtml(words)}</text>`;
  const whole = escapeHtml(`${label}: ${value}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${HEIGHT}" role="img" aria-label="${whole}"><title>${whole}</title><clipPath id="r"><rect width="${left + right}" height="${HEIGHT}" rx="3"/></clipPath><g clip-path="url(#r)"><rect width="${left}" height="${HEIGHT}" fill="#3c4043"/><rect x="${left}" width="${right}" height="${HEIGHT}" fill="${colour}"/></g><g fill="#fff" font-family="system-ui,sans-serif" font-size="${FONT_SIZE}">${text(label, 0, left)}${text(value, left, right)}</g></svg>`;
}
