import { publicFields } from "../../platform/sealed-fields.ts";
import { findProviderKind } from "./index.ts";
import type { ProviderRow } from "./providers.ts";
import type { ProviderJson } from "./schema.ts";

/** As the API shows a provider; `url` is how people reach Keepwatch. */
export function providerJson(row: ProviderRow, url: string): ProviderJson {
  const kind = findProviderKind(row.kind);
  const { id, slug, position, managed_by } = row;
  return {
    ...{ id, slug, kind: row.kind, position, managed_by },
    label: kind?.label ?? row.kind,
    settings: kind ? publicFields(kind, row.settings) : {},
    failing: row.failing_since ? { since: row.failing_since.toString(), why: row.failure ?? "" } : null,
    callback_url: kind?.answers === "inbound" && !kind.make ? `${url}/callbacks/${slug}` : null,
  };
}
