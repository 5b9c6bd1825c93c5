import type { z } from "zod";
import { newId } from "../../platform/ids.ts";
import type { Platform } from "../../platform/platform.ts";
import type { SourceRequest } from "../sources/source.ts";
import { parseBody, readable } from "./body.ts";
import type { Known } from "./known.ts";
import type { tryInput, tryResult } from "./schema.ts";
import { readRequest } from "./take.ts";

/** What a payload would become by this integration. Nothing is kept and nobody is paged. */
export async function tryPayload(
  platform: Platform,
  integration: Known,
  input: z.output<typeof tryInput>,
): Promise<z.output<typeof tryResult>> {
  const bytes = Buffer.from(input.body);
  const body = await parseBody(bytes, { type: input.content_type, encoding: "" });
  const request: SourceRequest = {
    ...{ id: newId(platform.clock), method: "POST", path: "", params: {}, query: {} },
    headers: input.content_type ? { "content-type": input.content_type } : {},
    ...{ contentType: input.content_type, bytes },
    ...readable(body),
  };
  const { receipt } = await readRequest(platform, {
    arrived: { request, body, key: undefined, place: "" },
    integration: { ...integration, paused_at: null },
  });
  const slugs = await slugsOf(platform, receipt.events);
  return {
    outcome: receipt.outcome === "ignored" ? "understood" : receipt.outcome,
    why: receipt.why,
    events: receipt.events.map(({ dedupKey, event }) => {
      const trigger = event.action === "trigger" ? event : undefined;
      return {
        ...{ action: event.action, dedup_key: dedupKey, reason: event.reason },
        title: trigger?.title ?? null,
        severity: trigger?.severity ?? null,
        urgency: trigger?.urgency ?? null,
        labels: trigger?.labels ?? {},
        service: (trigger?.serviceId ? slugs.get(trigger.serviceId) : undefined) ?? null,
      };
    }),
    changes: receipt.changes.map(({ summary, at }) => ({ summary, at })),
  };
}

async function slugsOf(
  { db }: Platform,
  events: readonly { event: { action: string; serviceId?: string | null } }[],
): Promise<Map<string, string>> {
  const ids = [...new Set(events.flatMap(({ event }) => event.serviceId ?? []))];
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom("services").select(["id", "slug"]).where("id", "in", ids).execute();
  return new Map(rows.map((row) => [row.id, row.slug]));
}
