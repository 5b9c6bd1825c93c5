import type { By } from "../org/actor.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { isAboutSubject, type Message } from "./message.ts";
import type { MessageThread } from "./model.ts";
import "./providers/table.ts";

/** By subject of the message: where the method's last message about it is to be found. */
export async function threadsOf(
  db: DbOrTx,
  methodId: string,
  message: Message,
): Promise<Map<string, Record<string, unknown>>> {
  if (!isAboutSubject(message)) return new Map();
  const rows = await db
    .selectFrom("message_threads")
    .select(["subject_id", "ref"])
    .where("contact_method_id", "=", methodId)
    .where(
      "subject_id",
      "in",
      message.items.map(({ subject }) => subject.id),
    )
    .execute();
  return new Map(rows.map((row) => [row.subject_id, row.ref]));
}

/** Keeps where a message about each subject is. A method that is gone by now has no threads. */
export async function keepThreads(
  tx: Tx,
  by: By,
  { methodId, threads }: { methodId: string; threads: readonly MessageThread[] },
): Promise<void> {
  if (threads.length === 0) return;
  const method = await tx
    .selectFrom("contact_methods")
    .select("id")
    .where("id", "=", methodId)
    .forKeyShare()
    .executeTakeFirst();
  if (!method) return;
  for (const { subjectId, ref } of threads)
    await tx
      .insertInto("message_threads")
      .values({ contact_method_id: methodId, subject_id: subjectId, ref: json(ref), updated_at: by.at })
      .onConflict((conflict) =>
        conflict
          .columns(["contact_method_id", "subject_id"])
          .doUpdateSet({ ref: json(ref), updated_at: by.at }),
      )
      .execute();
}
