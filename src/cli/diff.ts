import { stringify } from "yaml";
import type { ConfigOutcome } from "../config/schema.ts";
import { count, localText } from "./text.ts";

type Paint = (text: string, colour: keyof typeof COLOURS) => string;
type Change = ConfigOutcome["changes"][number];

const COLOURS = { create: 32, update: 33, delete: 31, quiet: 2 } as const;
const SIGNS = { create: "+", update: "~", delete: "-" } as const;
const WIDEST = 100;
const MOST_SHIFTS = 20;

/** Colours on a terminal, unless NO_COLOR is set. */
export function painter(variables: Readonly<Record<string, string | undefined>>): Paint {
  const coloured = process.stdout.isTTY && !variables.NO_COLOR;
  return (text, colour) => (coloured ? `\x1b[${COLOURS[colour]}m${text}\x1b[0m` : text);
}

/** What a plan would change, or an application has changed, like a diff. */
export function outcomeText(outcome: ConfigOutcome, verb: "plan" | "apply", paint: Paint): string {
  const { changes, shifts } = outcome;
  if (changes.length === 0) return "Nothing to change: everything is as it is written.";
  return [
    ...changes.map((change) => changeText(change, paint)),
    ...(shifts.length > 0 ? [shiftsText(shifts, verb, paint)] : []),
    summary(changes, verb),
  ].join("\n\n");
}

function changeText({ action, section, key, fields }: Change, paint: Paint): string {
  const head = paint(`${SIGNS[action]} ${section} ${key}`, action);
  const shown = fields.filter(({ field }) => action !== "create" || (field !== "slug" && field !== "email"));
  return [head, ...shown.flatMap((field) => fieldLines(field, action, paint))].join("\n");
}

function fieldLines(
  { field, before, after }: Change["fields"][number],
  action: Change["action"],
  paint: Paint,
): string[] {
  const [was, is] = [inline(before), inline(after)];
  if (action === "create")
    return short(is) ? [`    ${field}: ${is}`] : [`    ${field}:`, ...block(after, "    ")];
  if (was === is) return [`    ${field}: a secret in it changes`];
  if (short(was) && short(is)) return [`    ${field}: ${was} ${paint("→", "quiet")} ${is}`];
  return [
    `    ${field}:`,
    ...block(before, "  - ").map((line) => paint(line, "delete")),
    ...block(after, "  + ").map((line) => paint(line, "create")),
  ];
}

const short = (text: string): boolean => text.length <= WIDEST / 2 && !text.includes("\n");

const inline = (value: unknown): string =>
  value === null ? "none" : typeof value === "object" ? JSON.stringify(value) : String(value);

/** A value as YAML, each line of it behind `margin`. */
const block = (value: unknown, margin: string): string[] =>
  value === null || (Array.isArray(value) && value.length === 0)
    ? []
    : stringify(value, { lineWidth: 0 })
        .trimEnd()
        .split("\n")
        .map((line) => `${margin}  ${line}`);

function shiftsText(shifts: ConfigOutcome["shifts"], verb: "plan" | "apply", paint: Paint): string {
  const names = (emails: readonly string[]) => emails.join(", ") || "nobody";
  const lines = shifts.slice(0, MOST_SHIFTS).map(({ schedule, time_zone: zone, from, to, before, after }) => {
    const span = `${localText(from, zone)} – ${localText(to, zone)} ${zone}`;
    return `  ${schedule}  ${span}: ${names(before)} ${paint("→", "quiet")} ${names(after)}`;
  });
  return [
    `On call in the next 30 days, what ${verb === "plan" ? "would change" : "changes"}:`,
    ...lines,
  ].join("\n");
}

function summary(changes: readonly Change[], verb: "plan" | "apply"): string {
  const parts = (["create", "update", "delete"] as const).flatMap((action) => {
    const n = changes.filter((change) => change.action === action).length;
    if (n === 0) return [];
    return [verb === "plan" ? `${n} to ${action}` : `${n} ${action}d`];
  });
  const tail = verb === "plan" ? ". Make it so with `keepwatch apply`." : ".";
  return `${count(changes.length, "change")}: ${parts.join(", ")}${tail}`;
}
