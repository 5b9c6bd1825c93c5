import type { Role } from "../../lib/types.ts";

/** The roles in words, for choices and lists. */
export const ROLE_WORDS: Record<Role, { name: string; help: string }> = {
  viewer: { name: "Viewer", help: "Reads everything the company may see" },
  responder: { name: "Responder", help: "Handles incidents, edits what is their team's" },
  admin: { name: "Administrator", help: "May do everything, people and installation too" },
};

export const ROLE_OPTIONS = (Object.keys(ROLE_WORDS) as Role[]).map((value) => ({
  value,
  label: ROLE_WORDS[value].name,
}));
