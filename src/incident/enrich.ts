import type { Actor } from "../org/actor.ts";

/** Something that looked like this before, in the shape that pages and the webhook carry. Instants are RFC 3339. */
export interface Similar {
  likeness: "same" | "alike";
  why: string[];
  /** How many earlier incidents it stands for; `incident` is the likest of them. */
  times: number;
  /** The class of failure it was confirmed to be of. */
  problem: { number: number; title: string; state: string; url: string } | null;
  incident: { id: string; number: number; title: string; url: string; resolved_at: string | null };
  postmortem: { title: string; url: string } | null;
  fix: string | null;
  open_actions: { title: string; due: string | null; url: string }[];
}

/** "Seen before": `learn` knows it, and answers within 100 ms or the page goes without. */
export interface Enrich {
  /** `viewer` null: a page to whoever is on call, which shows what the whole company may read. */
  similar(input: { incidentId: string; viewer: Actor | null }): Promise<Similar[]>;
}
