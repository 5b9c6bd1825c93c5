import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { replaceInActionItems } from "../../learn/people.ts";
import { setNotificationRules, type WrittenRules } from "../../oncall/rules.ts";
import { replaceInSchedules } from "../../oncall/uses.ts";
import type { By } from "../../org/actor.ts";
import { deactivateUser, reactivateUser } from "../../org/deactivation.ts";
import { findUserByEmail, normalEmail, type UserRecord } from "../../org/people.ts";
import { createUser, updateUser } from "../../org/people-changes.ts";
import { checkQuietHours } from "../../org/quiet-hours.ts";
import { checkTimeZone } from "../../org/time-zone.ts";
import type { DbOrTx, Tx } from "../../platform/database/database.ts";
import { formatDuration, parseDuration } from "../../platform/duration.ts";
import { didYouMean } from "../../platform/nearest.ts";
import { invalid } from "../../platform/refusal.ts";
import { userEntry } from "../document.ts";
import { type ConfigSection, type Entry, type StoredEntry, withoutDefaults } from "../section.ts";
import {
  briefMethod,
  canonicalMethods,
  type MethodEntry,
  setMethods,
  storedMethod,
} from "./contact-methods.ts";
import { refuseFound, under } from "./refusals.ts";
import "../../page/table.ts";

/** What the document leaves open is absent until it is settled. */
type UserEntry = z.output<typeof userEntry>;

const NO_RULES: WrittenRules = { high: [], low: [] };

const nameFrom = (email: string): string => email.split("@")[0] ?? email;
const typed = (entry: Entry): UserEntry => userEntry.parse(entry);

/** With waits in their shortest form; no wait at all is left out. */
const canonicalRules = (rules: WrittenRules): WrittenRules => {
  const each = ({ via, after }: WrittenRules["high"][number]) => {
    const ms = after === undefined ? 0 : parseDuration(after);
    if (ms === 0) return { via };
    return { via, after: ms === undefined ? after : formatDuration(ms) };
  };
  return { high: rules.high.map(each), low: rules.low.map(each) };
};

/** Rules for methods that are gone mean nothing. */
const rulesFor = (rules: WrittenRules, slugs: readonly string[]): WrittenRules => ({
  high: rules.high.filter(({ via }) => slugs.includes(via)),
  low: rules.low.filter(({ via }) => slugs.includes(via)),
});

const slugsOf = (methods: readonly MethodEntry[]): string[] => methods.map(({ slug }) => slug);

async function readUsers(db: DbOrTx) {
  const users = await db
    .selectFrom("users")
    .selectAll()
    .where("deactivated_at", "is", null)
    .orderBy("email")
    .execute();
  const methods = await db
    .selectFrom("contact_methods")
    .selectAll()
    .orderBy("position")
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  const rules = await db.selectFrom("notification_rules").selectAll().orderBy("position").execute();
  const methodsByUser = Map.groupBy(methods, (row) => row.user_id);
  const rulesByUser = Map.groupBy(rules, (row) => row.user_id);
  return users.map((user) => ({
    user,
    methods: methodsByUser.get(user.id) ?? [],
    rules: rulesByUser.get(user.id) ?? [],
  }));
}

type RuleRow = Awaited<ReturnType<typeof readUsers>>[number]["rules"][number];

const writtenRules = (rows: readonly RuleRow[]): WrittenRules => {
  const of = (urgency: "high" | "low") =>
    rows
      .filter((row) => row.urgency === urgency)
      .map(({ method, after_ms }) => ({ via: method, after: formatDuration(after_ms) }));
  return canonicalRules({ high: of("high"), low: of("low") });
};

function refuseUnknownMethods(rules: WrittenRules, slugs: readonly string[]): void {
  const found = (["high", "low"] as const).flatMap((urgency) =>
    rules[urgency].flatMap(({ via }, index) => {
      if (slugs.includes(via)) return [];
      const help = didYouMean(via, slugs) || ` There is: ${slugs.join(", ") || "none; add one"}.`;
      const message = `there is no contact method "${via}".${help}`;
      return [{ path: ["notification_rules", urgency, index, "via"], message }];
    }),
  );
  refuseFound(found);
}

/** What is not said of a person stays; what they added by hand and the document doesn't name isn't looked at. */
function settle(entry: Entry, stored: StoredEntry | undefined): { entry: Entry; before: Entry | undefined } {
  const written = typed(entry);
  const there = stored && typed(stored.entry);
  const named = slugsOf(written.contact_methods);
  const kept = (there?.contact_methods ?? []).filter(
    ({ slug }) => stored?.handmade?.includes(slug) && !named.includes(slug),
  );
  const rules = written.notification_rules ?? there?.notification_rules ?? NO_RULES;
  const slugs = [...named, ...slugsOf(kept)];
  if (written.notification_rules) refuseUnknownMethods(rules, slugs);
  const settled = {
    email: written.email,
    name: written.name ?? there?.name ?? nameFrom(written.email),
    role: written.role ?? there?.role ?? "responder",
    time_zone: written.time_zone ?? there?.time_zone ?? "UTC",
    quiet_hours: written.quiet_hours === undefined ? (there?.quiet_hours ?? null) : written.quiet_hours,
    contact_methods: written.contact_methods,
    notification_rules: written.notification_rules ? rules : rulesFor(rules, slugs),
  };
  const before = there && {
    ...there,
    contact_methods: there.contact_methods.filter((each) => !kept.includes(each)),
  };
  return { entry: settled, before };
}

/**
 * Somebody whom the configuration took out is let in again when it names them again; whom a person has deactivated,
 * no file lets in.
 */
async function letInAgain(tx: Tx, by: By, found: UserRecord): Promise<void> {
  const last = await tx
    .selectFrom("audit_entries")
    .select(["actor_type", "actor_name"])
    .where("object_id", "=", found.id)
    .where("action", "=", "deactivated")
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .executeTakeFirst();
  if (last?.actor_type !== "config")
    throw invalid(
      "/email",
      `${found.email} was deactivated${last ? ` by ${last.actor_name}` : ""}; reactivate them first, or take them out`,
    );
  await reactivateUser(tx, by, found.id);
}

async function setWays(
  tx: Tx,
  by: By,
  { userId, entry, before }: { userId: string; entry: UserEntry; before: UserEntry | undefined },
): Promise<void> {
  await setMethods(tx, by, {
    userId,
    wanted: entry.contact_methods,
    before: before?.contact_methods ?? [],
  });
  const rules = entry.notification_rules ?? NO_RULES;
  if (JSON.stringify(rules) === JSON.stringify(before?.notification_rules ?? NO_RULES)) return;
  const rows = await tx.selectFrom("contact_methods").select("slug").where("user_id", "=", userId).execute();
  await under("/notification_rules", () =>
    setNotificationRules(tx, by, { userId, rules, methods: rows.map(({ slug }) => slug) }),
  );
}

export const users: ConfigSection = {
  name: "users",
  read: async (db, { platform }) =>
    (await readUsers(db)).map(({ user, methods, rules }) => ({
      key: normalEmail(user.email),
      managedBy: user.managed_by,
      handmade: methods.filter((row) => row.managed_by === "ui").map((row) => row.slug),
      entry: {
        email: normalEmail(user.email),
        name: user.name,
        role: user.role,
        time_zone: user.time_zone,
        quiet_hours: user.quiet_hours ?? null,
        contact_methods: methods.flatMap((row) => storedMethod(row, platform.secrets) ?? []),
        notification_rules: rulesFor(
          writtenRules(rules),
          methods.map((row) => row.slug),
        ),
      },
    })),
  normalise(entry) {
    const { email, time_zone, quiet_hours, contact_methods, notification_rules, ...rest } = typed(entry);
    return {
      ...rest,
      email: normalEmail(email),
      ...(time_zone === undefined ? {} : { time_zone: checkTimeZone(time_zone) }),
      ...(quiet_hours === undefined ? {} : { quiet_hours: quiet_hours && checkQuietHours(quiet_hours) }),
      contact_methods: canonicalMethods(contact_methods),
      ...(notification_rules ? { notification_rules: canonicalRules(notification_rules) } : {}),
    };
  },
  settle,
  brief(entry) {
    const user = typed(entry);
    const shown = { ...user, contact_methods: user.contact_methods.map(briefMethod) };
    return withoutDefaults(shown, {
      name: nameFrom(user.email),
      role: "responder",
      time_zone: "UTC",
      quiet_hours: null,
      contact_methods: [],
      notification_rules: NO_RULES,
    });
  },
  async create(tx, by, written) {
    const entry = typed(settle(written, undefined).entry);
    const { email, name = email, role = "responder", time_zone = "UTC", quiet_hours } = entry;
    const found = await findUserByEmail(tx, email);
    if (!found) {
      const userId = await createUser(tx, by, { email, name, role, time_zone, teams: [] });
      if (quiet_hours) await updateUser(tx, by, { id: userId, quiet_hours });
      return setWays(tx, by, { userId, entry, before: undefined });
    }
    if (found.deactivated_at) await letInAgain(tx, by, found);
    await updateUser(tx, by, { id: found.id, name, role, time_zone, quiet_hours });
    const rows = await readUsers(tx);
    const mine = rows.find(({ user }) => user.id === found.id);
    const left = mine?.methods.flatMap((row) => storedMethod(row, by.platform.secrets) ?? []) ?? [];
    const before = { ...entry, contact_methods: left, notification_rules: writtenRules(mine?.rules ?? []) };
    return setWays(tx, by, { userId: found.id, entry, before });
  },
  async update(tx, by, change) {
    const entry = typed(change.entry);
    const before = typed(change.before);
    const { name, role, time_zone, quiet_hours } = entry;
    const found = await findUserByEmail(tx, entry.email);
    if (!found) throw invalid("/email", `${entry.email} is not there any more`);
    const sameHours = isDeepStrictEqual(quiet_hours ?? null, before.quiet_hours ?? null);
    if (name !== before.name || role !== before.role || time_zone !== before.time_zone || !sameHours)
      await updateUser(tx, by, { id: found.id, name, role, time_zone, quiet_hours });
    else await tx.updateTable("users").set({ managed_by: "config" }).where("id", "=", found.id).execute();
    await setWays(tx, by, { userId: found.id, entry, before });
  },
  remove: (tx, by, email) =>
    deactivateUser(tx, by, {
      id: email,
      replaceWith: null,
      replacers: [replaceInSchedules, replaceInActionItems],
    }),
};
