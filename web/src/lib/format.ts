const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

/** 12345 → "12,345" */
export const count = (value: number): string => whole.format(value);

/** "1 monitor", "2 monitors" */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** A ratio as an uptime, never rounded up to 100: 0.99996 → "99.99 %"; null → "–". */
export function uptime(ratio: number | null): string {
  if (ratio === null) return "–";
  if (ratio >= 1) return "100 %";
  const percent = Math.floor(ratio * 10_000) / 100;
  return `${percent.toFixed(percent < 90 ? 1 : 2)} %`;
}

/** A latency: "84 ms", "1.24 s"; null → "–". */
export function latency(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

/** "Ada Lovelace" → "AL" */
export const initials = (name: string): string => {
  const words = name.trim().split(/\s+/);
  const first = words[0]?.[0] ?? "?";
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? "") : "";
  return (first + last).toUpperCase();
};

/** Words as a slug: "Shop: home page" → "shop-home-page". */
export const slugify = (text: string): string =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 64);

/** "Ada", "Ada and Bo", "Ada, Bo and 3 others" */
export function listOf(names: readonly string[], most = 2): string {
  if (names.length <= 1) return names[0] ?? "";
  const shown = names.slice(0, names.length > most ? most : names.length - 1);
  const rest = names.length - shown.length;
  const end = rest === 1 ? names.at(-1) : `${rest} others`;
  return `${shown.join(", ")} and ${end}`;
}
