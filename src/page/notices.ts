import { NOTICE, type NoticeJob } from "../org/notices.ts";
import { quietHoursOf, quietUntil } from "../org/quiet-hours.ts";
import { newId } from "../platform/ids.ts";
import type { Platform } from "../platform/platform.ts";
import { findChannel } from "./channels/index.ts";
import { addressee } from "./compose.ts";
import { usableMethods } from "./contact-methods.ts";
import { type PageDeps, sendBy } from "./engine.ts";
import type { NoticeMessage } from "./message.ts";

/** The slugs of a person's methods for low urgency, in their order; none where they wrote no rules. */
export type LowMethodsOf = (personId: string) => Promise<readonly string[]>;

/** Nobody's telephone rings for what demands nothing, unless they said so themselves. */
const RINGS = new Set(["voice"]);

/** Then it is logged and left: a notice is no reason to wake an administrator. Fewer than make a job lie dead. */
const MOST_ATTEMPTS = 8;

/**
 * Sends notices: by the first method of the person's low-urgency rules, or else the first verified one; where that
 * fails by the next. One that can't be sent now is tried again by its job; a person without any method isn't told. It waits for the end of the
 * person's quiet hours.
 */
export function noticeEngine(
  platform: Platform,
  deps: Pick<PageDeps, "resolve" | "guard">,
  lowMethodsOf: LowMethodsOf,
): void {
  platform.due.handle(NOTICE, async ({ payload, attempt }, signal) => {
    const { personId, title, lines, path } = payload as NoticeJob;
    const quiet = await quietHoursOf(platform.db, [personId]);
    const again = quietUntil(quiet.get(personId), platform.clock.now());
    if (again) return { again };
    const methods = await waysTo(platform, personId, await lowMethodsOf(personId));
    if (methods.length === 0) return undefined;
    const message: NoticeMessage = {
      ...{ type: "notice", title, lines, link: `${platform.url}${path}`, url: platform.url },
      ...{ deliveryId: newId(platform.clock), sentAt: platform.clock.now() },
      person: await addressee(platform.db, personId),
    };
    const failures: string[] = [];
    let mayWork = false;
    for (const method of methods) {
      const result = await sendBy(platform, deps, { method, message, signal });
      if (result.kind === "accepted") return undefined;
      failures.push(`${method.channel}: ${result.why}`);
      mayWork ||= result.kind === "retry";
    }
    if (mayWork && attempt < MOST_ATTEMPTS) throw new Error(failures.join("; "));
    platform.log.warn({ personId, title, failures }, "a notice could not be delivered");
    return undefined;
  });
}

async function waysTo(platform: Platform, personId: string, low: readonly string[]) {
  const all = (await usableMethods(platform.db, [personId])).get(personId) ?? [];
  const methods = all.filter(({ channel }) => findChannel(channel)?.unavailable(platform) === null);
  const chosen = low.flatMap((slug) => methods.filter((method) => method.slug === slug));
  const others = methods.filter((method) => !chosen.includes(method) && !RINGS.has(method.channel));
  return [...new Set([...chosen, ...others])];
}
