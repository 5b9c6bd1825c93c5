import { SYSTEM_SOURCE, systemProblem, systemWell } from "../alert/system.ts";
import { findChannel } from "../page/channels/index.ts";
import { METHOD_DISABLED } from "../page/replies/gone.ts";
import type { JobResult } from "../platform/due/due.ts";
import type { Part } from "../platform/parts.ts";
import type { Platform } from "../platform/platform.ts";

const METHOD = "method:";

/** A way to a person is gone: the person is told by mail, whoever looks after Keepwatch by an alert. */
export function methodDisabledEngine(platform: Platform): void {
  platform.due.handle(METHOD_DISABLED, ({ payload }) =>
    warn(platform, (payload as { methodId: string }).methodId),
  );
}

async function warn(platform: Platform, methodId: string): Promise<JobResult> {
  const row = await platform.db
    .selectFrom("contact_methods")
    .innerJoin("users", "users.id", "contact_methods.user_id")
    .select(["channel", "disabled_reason as why", "users.name", "users.email"])
    .where("contact_methods.id", "=", methodId)
    .where("disabled_at", "is not", null)
    .where("users.deactivated_at", "is", null)
    .executeTakeFirst();
  if (!row) return undefined;
  const label = findChannel(row.channel)?.label ?? row.channel;
  const why = row.why ?? "no reason is known";
  await systemProblem(platform, {
    key: METHOD + methodId,
    title: `${row.name} can no longer be paged by ${label}`,
    reason: `The contact method was disabled: ${why}`,
    urgency: "low",
  });
  if (!platform.mail.available) return undefined;
  await platform.mail.send({
    to: row.email,
    subject: `You can no longer be paged by ${label}`,
    text: [
      `Hello ${row.name},`,
      `Keepwatch no longer pages you by ${label}: ${why}.`,
      `See what is left, or add another way: ${platform.url}/settings/contact`,
    ].join("\n\n"),
  });
  return undefined;
}

/** Ends the alert about a method that works again or is gone. */
export function methodsPart(platform: Platform): Part {
  return {
    name: "look at disabled contact methods",
    everyMs: 60_000,
    limitMs: 20_000,
    run: () => endWhatIsOver(platform),
  };
}

async function endWhatIsOver(platform: Platform): Promise<void> {
  const { db } = platform;
  const firing = await db
    .selectFrom("alerts")
    .select("dedup_key as key")
    .where("source_id", "=", SYSTEM_SOURCE.id)
    .where("status", "=", "firing")
    .where("dedup_key", "like", `${METHOD}%`)
    .execute();
  if (firing.length === 0) return;
  const disabled = await db
    .selectFrom("contact_methods")
    .select("id")
    .where("disabled_at", "is not", null)
    .execute();
  for (const { key } of firing)
    if (!disabled.some(({ id }) => key === METHOD + id))
      await systemWell(platform, key, "the contact method works again or is gone");
}
