import type { Platform } from "../platform/platform.ts";
import type { Role } from "./schema.ts";

/** Who does something. `teams` are the ids of the person's teams; `teamScope` limits a token to one team. */
export interface Actor {
  type: "user" | "token" | "link" | "config" | "monitor" | "integration" | "system";
  id: string | null;
  name: string;
  role: Role;
  teams: readonly string[];
  teamScope: string | null;
}

/** Keepwatch itself: escalation, recovery, clean-up. May do everything. */
export const SYSTEM: Actor = {
  type: "system",
  id: null,
  name: "Keepwatch",
  role: "admin",
  teams: [],
  teamScope: null,
};

/** The hand behind a change: `at` is the one `now` of the call, `managedBy` says who keeps the object. */
export interface By {
  platform: Platform;
  actor: Actor;
  at: Temporal.Instant;
  managedBy: "ui" | "config";
}

export const by = (platform: Platform, actor: Actor): By => ({
  platform,
  actor,
  at: platform.clock.now(),
  managedBy: actor.type === "config" ? "config" : "ui",
});
