import type { At, Defaulted } from "../../platform/database/tables.ts";
import type { OfferKind, OfferState } from "./model.ts";

export interface ShiftOfferTable {
  id: string;
  schedule_id: string;
  owner_id: string;
  kind: OfferKind;
  from_at: At;
  to_at: At;
  asked: string[] | null;
  note: Defaulted<string>;
  state: Defaulted<OfferState>;
  expires_at: At;
  taken_by: string | null;
  override_id: string | null;
  trade_override_id: string | null;
  moved_at: At | null;
  /** A person's id, or the name of whatever else made it. */
  created_by: string;
  created_at: At;
  closed_at: At | null;
}

export interface ShiftOfferAnswerTable {
  offer_id: string;
  user_id: string;
  answer: "declined" | "trade";
  trade_from: At | null;
  trade_to: At | null;
  at: At;
}

declare module "../../platform/database/tables.ts" {
  interface Tables {
    shift_offers: ShiftOfferTable;
    shift_offer_answers: ShiftOfferAnswerTable;
  }
}
