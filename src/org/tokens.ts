import { sql } from "kysely";
import type { z } from "zod";
import { isBefore, later } from "../platform/clock.ts";
import type { Db, DbOrTx, Tx } from "../platform/database/database.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { newId, newToken } from "../platform/ids.ts";
import type { Platform } from "../platform/platform.ts";
import { invalid, missing, Refusal } from "../platform/refusal.ts";
import { hashToken } from "../platform/secrets.ts";
import type { Actor, By } from "./actor.ts";
import { audit } from "./audit.ts";
import { must } from "./can.ts";
import { lesserRole } from "./roles.ts";
import type { apiToken, apiTokenCreate } from "./schema.ts";
import { teamIdOf } from "./teams.ts";

type TokenJson = z.infer<typeof apiToken>;

/** The token that the operator's environment brings. */
const BOOTSTRAP = "KEEPWATCH_API_TOKEN";
const LAST_USED_STEP_MS = 60_000;

/** `created_by` is a person's id, or the name of what else made it. A token can never do more than its maker now may. */
const selectTokens = (db: DbOrTx) =>
  db
    .selectFrom("api_tokens")
    .leftJoin("teams", "teams.id", "api_tokens.team_id")
    .leftJoin("users", (join) => join.on(sql<boolean>`users.id::text = api_tokens.created_by`))
    .selectAll("api_tokens")
    .select([
      "teams.slug as team_slug",
      "teams.name as team_name",
      "users.name as maker_name",
      "users.role as maker_role",
      "users.deactivated_at as maker_deactivated_at",
    ]);

type TokenRow = Awaited<ReturnType<ReturnType<typeof selectTokens>["executeTakeFirstOrThrow"]>>;

const toJson = (row: TokenRow): TokenJson => ({
  id: row.id,
  name: row.name,
  role: row.role,
  team: row.team_slug === null ? null : { slug: row.team_slug, name: row.team_name ?? row.team_slug },
  created_by: row.maker_name ?? row.created_by,
  created_at: row.created_at.toString(),
  expires_at: row.expires_at?.toString() ?? null,
  last_used_at: row.last_used_at?.toString() ?? null,
});

/** Who a bearer token is. Refuses an unknown, revoked or expired one, saying which. */
export async function actorForToken(
  { db, clock }: Pick<Platform, "db" | "clock">,
  token: string,
): Promise<Actor> {
  const now = clock.now();
  const row = await selectTokens(db).where("token_hash", "=", hashToken(token)).executeTakeFirst();
  const no = (why: string) => new Refusal("unauthenticated", `This API token ${why}.`);
  if (!row) throw no("is not known here");
  if (row.revoked_at) throw no("has been revoked");
  if (row.expires_at && !isBefore(now, row.expires_at)) throw no(`expired at ${row.expires_at}`);
  if (row.maker_deactivated_at) throw no("was made by somebody who is deactivated");
  if (!row.last_used_at || !isBefore(now, later(row.last_used_at, LAST_USED_STEP_MS)))
    await db.updateTable("api_tokens").set({ last_used_at: now }).where("id", "=", row.id).execute();
  return {
    type: "token",
    id: row.id,
    name: row.name,
    role: row.maker_role ? lesserRole(row.role, row.maker_role) : row.role,
    teams: row.team_id ? [row.team_id] : [],
    teamScope: row.team_id,
  };
}

/** Tokens that work or have merely expired: an administrator sees all, others their own. */
export async function listTokens(db: Db, actor: Actor): Promise<TokenJson[]> {
  let select = selectTokens(db).where("revoked_at", "is", null);
  if (actor.role !== "admin") select = select.where("api_tokens.created_by", "=", actor.id ?? "");
  const rows = await select.orderBy("api_tokens.created_at", "desc").orderBy("api_tokens.id").execute();
  return rows.map(toJson);
}

/** Makes a token that can do no more than its maker: role, team and end are bounded. The token is shown this once. */
export async function createToken(
  tx: Tx,
  by: By,
  input: z.output<typeof apiTokenCreate>,
): Promise<TokenJson & { token: string }> {
  if (input.name === BOOTSTRAP)
    throw invalid("/name", `${BOOTSTRAP} is the name of the environment's own token.`);
  if (lesserRole(input.role, by.actor.role) !== input.role)
    throw invalid("/role", `Your role is ${by.actor.role}; a token can't have a higher one.`);
  const teamId = await teamIdOf(tx, input.team);
  refuseForeignTeam(by.actor, teamId);
  const parent = by.actor.type === "token" ? await findToken(tx, by.actor.id ?? "") : undefined;
  const expiresAt = input.expires_at === null ? null : Temporal.Instant.from(input.expires_at);
  if (expiresAt && !isBefore(by.at, expiresAt)) throw invalid("/expires_at", "That time is past.");
  if (parent?.expires_at && (!expiresAt || isBefore(parent.expires_at, expiresAt)))
    throw invalid("/expires_at", `The token you use ends at ${parent.expires_at}; another can't outlive it.`);
  const id = newId(by.platform.clock);
  const token = `kw_${newToken()}`;
  await tx
    .insertInto("api_tokens")
    .values({
      id,
      name: input.name,
      token_hash: hashToken(token),
      role: input.role,
      team_id: teamId,
      created_by: parent?.created_by ?? by.actor.id ?? by.actor.name,
      created_at: by.at,
      expires_at: expiresAt,
    })
    .execute();
  const made = toJson(await findToken(tx, id));
  const { name, role, expires_at } = made;
  await audit(tx, by, {
    action: "created",
    type: "api_token",
    id,
    name,
    after: { name, role, team: input.team, expires_at },
  });
  return { ...made, token };
}

function refuseForeignTeam(actor: Actor, teamId: string | null): void {
  if (actor.teamScope !== null && teamId !== actor.teamScope)
    throw invalid("/team", "The token you use is for one team; another can only be for the same team.");
  if (teamId !== null && actor.role !== "admin" && !actor.teams.includes(teamId))
    throw invalid("/team", "You are not a member of that team.");
}

async function findToken(db: DbOrTx, id: string): Promise<TokenRow> {
  const row = await selectTokens(db).where("api_tokens.id", "=", id).executeTakeFirst();
  if (!row) throw missing("such API token");
  return row;
}

/** Ends a token at once: one's own, or as an administrator any. */
export async function revokeToken(tx: Tx, by: By, id: string): Promise<void> {
  const row = await findToken(tx, id);
  const mine = row.created_by === by.actor.id;
  if (!mine) must(by.actor, "administer", { type: "API token", team: row.team_id });
  if (row.name === BOOTSTRAP) {
    throw new Refusal(
      "conflict",
      `This token comes from the environment. Unset or change ${BOOTSTRAP} and start Keepwatch again.`,
    );
  }
  if (row.revoked_at) return;
  await tx.updateTable("api_tokens").set({ revoked_at: by.at }).where("id", "=", id).execute();
  await audit(tx, by, { action: "revoked", type: "api_token", id, name: row.name });
}

/**
 * Called at start: keeps the environment's token as the one row of that name. Another value replaces it,
 * no value removes it.
 */
export async function keepBootstrapToken(
  { db, clock }: Pick<Platform, "db" | "clock">,
  token: string | undefined,
): Promise<void> {
  const hash = token === undefined ? "" : hashToken(token);
  await inTransaction(db, async (tx) => {
    await tx.deleteFrom("api_tokens").where("name", "=", BOOTSTRAP).where("token_hash", "!=", hash).execute();
    if (token === undefined) return;
    await tx
      .insertInto("api_tokens")
      .values({
        id: newId(clock),
        name: BOOTSTRAP,
        token_hash: hash,
        role: "admin",
        created_by: "the environment",
        created_at: clock.now(),
      })
      .onConflict((conflict) => conflict.column("token_hash").doNothing())
      .execute();
  });
}
