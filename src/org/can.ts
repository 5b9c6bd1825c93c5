import { Refusal } from "../platform/refusal.ts";
import type { Actor } from "./actor.ts";

/** read: see it. respond: acknowledge, resolve, note. edit: change its definition. administer: people, tokens, the installation. */
export type Action = "read" | "respond" | "edit" | "administer";

/** What an action is done to. `team` is the id of the owning team; `owner` the id of the person it belongs to. */
export interface Resource {
  type: string;
  team?: string | null;
  visibility?: "company" | "team";
  owner?: string | null;
}

/**
 * Who may what; the only place that decides.
 * Admins: everything. Everyone reads what the company may see, and their own team's.
 * Responders act on every incident they can read and edit what is their team's or nobody's.
 * A person edits what is their own (profile, contact methods). A token with a team acts for that team alone.
 */
export function can(actor: Actor, action: Action, resource: Resource): boolean {
  if (actor.teamScope !== null && action !== "read" && resource.team !== actor.teamScope) return false;
  if (actor.role === "admin") return true;
  const member = resource.team != null && actor.teams.includes(resource.team);
  const mine = resource.owner != null && resource.owner === actor.id;
  const readable = resource.visibility !== "team" || member || mine;
  switch (action) {
    case "read":
      return readable;
    case "respond":
      return actor.role === "responder" && readable;
    case "edit":
      return (
        mine || (actor.role === "responder" && (resource.team == null ? resource.owner == null : member))
      );
    case "administer":
      return false;
  }
}

const DOING: Record<Action, string> = {
  read: "see",
  respond: "respond to",
  edit: "change",
  administer: "administer",
};

/** Throws a refusal in words unless the actor may. What may not be read is said not to exist. */
export function must(actor: Actor, action: Action, resource: Resource): void {
  if (can(actor, action, resource)) return;
  if (!can(actor, "read", resource)) throw new Refusal("missing", `There is no such ${resource.type}.`);
  throw new Refusal(
    "forbidden",
    `Your role (${actor.role}) may not ${DOING[action]} this ${resource.type}. Ask an administrator or a member of its team.`,
  );
}
