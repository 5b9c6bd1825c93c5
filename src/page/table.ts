import type { ManagedBy } from "../org/table.ts";
import type { At, Defaulted, Json, JsonOrNull } from "../platform/database/tables.ts";
import type { Purpose, Urgency } from "./model.ts";
import type { DeliveryStatus } from "./schema.ts";

export interface ContactMethodTable {
  id: string;
  user_id: string;
  slug: string;
  channel: string;
  /** The channel's fields; secret ones are sealed. */
  address: Json<Record<string, unknown>>;
  position: Defaulted<number>;
  verified_at: At | null;
  verified_by: string | null;
  /** `<tries left>:<signature of the code>`; see verification.ts. */
  verification_code_hash: string | null;
  verification_expires_at: At | null;
  disabled_at: At | null;
  disabled_reason: string | null;
  managed_by: Defaulted<ManagedBy>;
  created_at: At;
}

export interface PageTable {
  id: string;
  subject_type: string;
  subject_id: string;
  round: number;
  level: number;
  repeat: number;
  person_id: string;
  urgency: Urgency;
  reason: string;
  created_at: At;
  answered_at: At | null;
  answered_by: string | null;
  answered_how: string | null;
}

export interface DeliveryTable {
  id: string;
  page_id: string | null;
  subject_type: string;
  subject_id: string;
  person_id: string;
  contact_method_id: string | null;
  channel: string;
  destination: string;
  purpose: Purpose;
  /** What a message without a page must know: the round its links are bound to. */
  content: JsonOrNull<{ round: number }>;
  status: Defaulted<DeliveryStatus>;
  reason: string | null;
  /** The delivery whose message carries this one, itself included; null until a claim. */
  bundle_id: string | null;
  due_at: At;
  created_at: At;
  sent_at: At | null;
  delivered_at: At | null;
  seen_at: At | null;
  finished_at: At | null;
  provider_id: string | null;
  /** The pace that it waits for; see providers/pace.ts. */
  waits_for: Defaulted<string | null>;
}

export interface DeliveryAttemptTable {
  delivery_id: string;
  number: number;
  at: At;
  /** `sending` for good means that the worker died: it may have gone out. */
  outcome: "sending" | "accepted" | "retry" | "refused";
  ms: number | null;
  detail: string | null;
}

declare module "../platform/database/tables.ts" {
  interface Tables {
    contact_methods: ContactMethodTable;
    pages: PageTable;
    deliveries: DeliveryTable;
    delivery_attempts: DeliveryAttemptTable;
  }
}
