import { sql } from "kysely";
import type { DbOrTx } from "../platform/database/database.ts";
import type { PersonRef } from "../platform/http/schema.ts";
import { didYouMean, nearest } from "../platform/nearest.ts";
import type { Problem } from "../platform/refusal.ts";
import "../org/table.ts";

/** A person named by e-mail somewhere in the input. */
export interface WrittenEmail {
  pointer: string;
  email: string;
}

const lower = (email: string): string => email.toLowerCase();

/** Who was named, and what is wrong with the names that are nobody's (with the nearest one that is somebody's). */
export interface FoundPeople {
  /** By e-mail in any case; only for those without a problem. */
  idOf(email: string): string;
  problems: Problem[];
}

/** Looks people up by e-mail. Somebody deactivated can't be put on call, so they are a problem too. */
export async function findEmails(db: DbOrTx, written: readonly WrittenEmail[]): Promise<FoundPeople> {
  const emails = [...new Set(written.map(({ email }) => lower(email)))];
  const rows =
    emails.length === 0
      ? []
      : await db
          .selectFrom("users")
          .select(["id", "name", "email", "deactivated_at"])
          .where(sql<string>`lower(email)`, "in", emails)
          .execute();
  const known = new Map(rows.map((row) => [lower(row.email), row]));
  const wrong = written.filter(({ email }) => known.get(lower(email))?.deactivated_at !== null);
  const everybody = wrong.length > 0 ? await activeEmails(db) : [];
  const problems = wrong.map(({ pointer, email }): Problem => {
    const gone = known.get(lower(email));
    const detail = gone
      ? `${gone.name} (${gone.email}) is deactivated; name somebody else.`
      : `There is no user "${email}".${didYouMean(email, alike(email, everybody)) || " Invite them first, or name somebody else."}`;
    return { pointer, detail };
  });
  return { idOf: (email) => known.get(lower(email))!.id, problems };
}

/** Addresses near in both halves: those of one company are all alike as a whole. */
function alike(email: string, known: readonly string[]): string[] {
  const [name, domain] = halves(email);
  return known.filter((each) => {
    const [itsName, itsDomain] = halves(each);
    return nearest(name, [itsName]) !== undefined && nearest(domain, [itsDomain]) !== undefined;
  });
}

function halves(email: string): [string, string] {
  const at = email.lastIndexOf("@");
  return [email.slice(0, at), email.slice(at + 1)];
}

const activeEmails = async (db: DbOrTx): Promise<string[]> => {
  const rows = await db.selectFrom("users").select("email").where("deactivated_at", "is", null).execute();
  return rows.map((row) => row.email);
};

/** People by id, active or not. An id that is nobody's is left out. */
export async function peopleById(db: DbOrTx, ids: Iterable<string | null>): Promise<Map<string, PersonRef>> {
  const wanted = [...new Set(ids)].filter((id) => id !== null);
  if (wanted.length === 0) return new Map();
  const rows = await db
    .selectFrom("users")
    .select(["id", "name", "email"])
    .where("id", "in", wanted)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
