import type { By } from "../org/actor.ts";
import type { Resource } from "../org/can.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import type { Subject } from "./model.ts";
import type { Action } from "./replies/grammar.ts";

export const VERBS = ["acknowledge", "resolve", "escalate"] as const;
export type Verb = (typeof VERBS)[number];

export type Wanted = { yes: true } | { yes: false; why: string };

/** What a link was made for; every part is signed. */
export interface LinkClaim {
  subjectId: string;
  round: number;
  personId: string;
  verb: Verb;
  /** The channel that carried the link. */
  via: string;
}

/** What a person wants done, in the name of whom, about what, and the channel it came by. */
export type AnswerClaim = Omit<LinkClaim, "verb"> & { action: Action };

/** As much of a subject as it takes to know which one a few words mean. */
export interface Brief {
  id: string;
  number: number;
  title: string;
  status: Subject["status"];
  round: number;
}

/** The port to whatever people are paged about. `page` asks; the subject's folder implements it. */
export interface Answer {
  /** Is this still to be delivered? Asked inside the claim's transaction: the incident's round and state. Locks nothing. */
  wanted(
    tx: Tx,
    page: { subjectId: string; round: number; personId: string; purpose: string },
  ): Promise<Wanted>;
  describe(db: DbOrTx, subjectId: string, personId: string): Promise<Subject>;
  /** What `can` must know of the subject; null when there is none of that id. */
  resource(db: DbOrTx, subjectId: string): Promise<Resource | null>;
  /** `text` is the truth in words: "Acknowledged." or "Already acknowledged by Bo at 03:12." */
  act(input: AnswerClaim): Promise<{ done: boolean; text: string }>;
  /** Those of the ids that exist, or the one of a number. */
  briefs(db: DbOrTx, which: { ids: readonly string[] } | { number: number }): Promise<Brief[]>;
  /** Every way to this page's person was refused, so escalation can go on at once. May be told twice after a crash. */
  unreachable(tx: Tx, by: By, page: UnreachablePage): Promise<void>;
}

export interface UnreachablePage {
  id: string;
  subjectId: string;
  round: number;
  level: number;
  repeat: number;
  personId: string;
  personName: string;
}
