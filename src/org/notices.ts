import type { Tx } from "../platform/database/database.ts";
import { newId } from "../platform/ids.ts";
import type { By } from "./actor.ts";

export const NOTICE = "notice";

/** Something a person is told that demands nothing: no page, no escalation. */
export interface Notice {
  title: string;
  lines: readonly string[];
  /** Where it is shown, as a path of the web app. */
  path: string;
}

export type NoticeJob = Notice & { personId: string };

/** Tells people, each once, after this transaction commits, by the methods of their low-urgency rules. */
export async function notify(
  tx: Tx,
  by: By,
  { to, ...notice }: Notice & { to: Iterable<string> },
): Promise<void> {
  for (const personId of new Set(to)) {
    const payload: NoticeJob = { ...notice, personId };
    const { clock, due } = by.platform;
    await due.add(tx, { kind: NOTICE, key: newId(clock), at: by.at, payload });
  }
}
