import { sql } from "kysely";
import type { Db, DbOrTx } from "../../platform/database/database.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { vectorOf } from "./terms.ts";

/** All that is known in words of an incident: what failed and what was said and written of it afterwards. */
async function textOf(db: DbOrTx, incidentId: string): Promise<string> {
  const { rows } = await sql<{ text: string | null }>`
    select concat_ws(E'\n', i.title, i.summary, s.name,
      (select string_agg(concat_ws(' ', a.title, a.reason, (
        select string_agg(f.identity->>'line', E'\n') from alert_fingerprints f where f.alert_id = a.alert_id)), E'\n')
        from incident_alerts a where a.incident_id = i.id),
      (select string_agg(concat_ws(E'\n', p.title, p.headline, array_to_string(p.tags, ' '), p.sections->>'summary',
        p.sections->>'causes', p.sections->>'resolution', p.sections->>'impact', p.sections->>'detection'), E'\n')
        from postmortem_incidents pi join postmortems p on p.id = pi.postmortem_id where pi.incident_id = i.id),
      (select concat_ws(E'\n', p.title, p.mechanism)
        from problem_incidents o join problems p on p.id = o.problem_id where o.incident_id = i.id)) as text
    from incidents i left join services s on s.id = i.service_id where i.id = ${incidentId}`.execute(db);
  return rows[0]?.text ?? "";
}

/** Writes what the incident is found by in words. Again when something was written about it. */
export async function indexIncident(
  db: DbOrTx,
  { incidentId, at }: { incidentId: string; at: Temporal.Instant },
): Promise<void> {
  await indexText(db, { incidentId, at, text: await textOf(db, incidentId) });
}

export async function indexText(
  db: DbOrTx,
  { incidentId, at, text }: { incidentId: string; at: Temporal.Instant; text: string },
): Promise<void> {
  await sql`
    insert into recall_documents (incident_id, terms, length, updated_at)
    select id, words, (select coalesce(sum(coalesce(array_length(positions, 1), 1)), 0) from unnest(words)), ${at}
    from incidents, lateral (select ${vectorOf(text)} as words) w where id = ${incidentId}
    on conflict (incident_id) do update
      set terms = excluded.terms, length = excluded.length, updated_at = excluded.updated_at`.execute(db);
}

/** Counts in how many documents each word is. Old counts do until then: weights change slowly. */
export async function countTerms(db: Db, at: Temporal.Instant): Promise<void> {
  await inTransaction(db, async (tx) => {
    await sql`delete from recall_terms`.execute(tx);
    await sql`
      insert into recall_terms (term, documents)
      select word, ndoc from ts_stat('select terms from recall_documents')`.execute(tx);
    await sql`
      insert into recall_corpus (documents, mean_length, counted_at)
      select count(*), coalesce(avg(length), 0), ${at} from recall_documents
      on conflict (only_one) do update set documents = excluded.documents, mean_length = excluded.mean_length,
        counted_at = excluded.counted_at`.execute(tx);
  });
}
