import { isDeepStrictEqual } from "node:util";
import {
  checkSettings,
  createIntegration,
  deleteIntegration,
  findIntegration,
  pauseIntegration,
  rotateKey,
  updateIntegration,
} from "../../alert/integrations/integrations.ts";
import { silenceOf } from "../../alert/integrations/known.ts";
import { integrationCreate, integrationKey } from "../../alert/integrations/schema.ts";
import { findSource, noSuchKind } from "../../alert/sources/index.ts";
import type { By } from "../../org/actor.ts";
import type { Tx } from "../../platform/database/database.ts";
import { formatDuration, parseDuration } from "../../platform/duration.ts";
import { Refusal } from "../../platform/refusal.ts";
import { openFields } from "../../platform/sealed-fields.ts";
import { integrationEntry } from "../document.ts";
import { unknownKey } from "../issues.ts";
import { hideSecrets, showSecrets } from "../secrets.ts";
import { type ConfigSection, type Entry, withoutDefaults } from "../section.ts";
import { UNCHANGED } from "../variables.ts";
import { refuseFound } from "./refusals.ts";

/** An entry with its secrets in plain and every default but the key's and the pause's filled in. */
const typed = (entry: Entry) => {
  const { name, ...rest } = integrationEntry.parse(showSecrets(entry));
  return { ...rest, name: name ?? rest.slug };
};

const shortest = (text: string | null): string | null => {
  const ms = text === null ? undefined : parseDuration(text);
  return ms === undefined ? text : formatDuration(ms);
};

function canonical(entry: Entry): Entry {
  const written = typed(entry);
  const source = findSource(written.kind);
  if (!source) refuseFound([{ path: ["kind"], message: noSuchKind(written.kind) }]);
  const { key } = written;
  if (key !== undefined && key !== UNCHANGED && !integrationKey.safeParse(key).success)
    refuseFound([{ path: ["key"], message: integrationKey.safeParse(key).error?.issues[0]?.message ?? "" }]);
  const secrets = source?.secrets ?? [];
  const pointers = ["/key", ...secrets.map((name) => `/settings/${name}`)];
  const settings = settingsOf(written, secrets);
  const auto_resolve_after = shortest(written.auto_resolve_after);
  return hideSecrets({ ...written, settings, auto_resolve_after }, pointers);
}

/** Checked with the kind's schema; a secret that is to stay is not there yet, and needn't look like one. */
function settingsOf({ kind, settings }: ReturnType<typeof typed>, secrets: readonly string[]) {
  try {
    return checkSettings(kind, settings).settings;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const stays = (pointer: string) =>
      secrets.some((name) => pointer === `/settings/${name}` && settings[name] === UNCHANGED);
    const wrong = error.problems.filter(({ pointer }) => !stays(pointer));
    const fields = findSource(kind)?.form.map(({ name }) => name) ?? [];
    refuseFound(
      wrong.map(({ pointer, detail }) => {
        const unknown = /^Unrecognized key: "(.+)"$/.exec(detail)?.[1];
        const path = pointer.split("/").slice(1);
        return unknown
          ? { path: [...path, unknown], message: unknownKey(unknown, fields) }
          : { path, message: detail };
      }),
    );
    return settings;
  }
}

async function create(tx: Tx, by: By, entry: Entry): Promise<void> {
  const { paused, ...rest } = typed(entry);
  await createIntegration(tx, by, integrationCreate.parse({ ...rest, paused: paused ?? false }));
}

/** Where others' monitoring sends to. Without a key one is made, to be shown in the web by making it anew. */
export const integrations: ConfigSection = {
  name: "integrations",
  async read(db, { platform }) {
    const rows = await db
      .selectFrom("integrations")
      .leftJoin("services", "services.id", "integrations.service_id")
      .selectAll("integrations")
      .select("services.slug as service")
      .orderBy("integrations.slug")
      .execute();
    return rows.map((row) => {
      const source = findSource(row.kind);
      const { slug, name, kind, service, severity, urgency, severities, rate_limit } = row;
      const entry = {
        ...{ slug, name, kind, service, key: platform.secrets.open(row.key_sealed) },
        settings: source ? openFields(source, row.settings, platform.secrets) : row.settings,
        ...{ severity, urgency, severities, auto_resolve_after: silenceOf(row), rate_limit },
        paused: row.paused_at !== null,
      };
      const pointers = ["/key", ...(source?.secrets ?? []).map((each) => `/settings/${each}`)];
      return { key: slug, managedBy: row.managed_by, entry: hideSecrets(entry, pointers) };
    });
  },
  normalise: canonical,
  /** A key or a pause that isn't written stays as it is. */
  settle: (entry, stored) => ({
    entry: {
      ...entry,
      ...(entry.key === undefined && stored && { key: stored.entry.key }),
      paused: entry.paused ?? stored?.entry.paused ?? false,
    },
    before: stored?.entry,
  }),
  brief: (entry) =>
    withoutDefaults(entry, {
      name: entry.slug,
      service: null,
      settings: {},
      severity: null,
      urgency: null,
      severities: {},
      auto_resolve_after: null,
      rate_limit: 6_000,
      paused: false,
    }),
  create,
  async update(tx, by, { entry, before }) {
    const { slug, kind, key, paused = false, ...patch } = typed(entry);
    const was = typed(before);
    if (kind !== was.kind) {
      // Another kind is another integration; what others send to it by its key goes on.
      await deleteIntegration(tx, by, slug);
      return create(tx, by, { ...entry, key: key ?? was.key });
    }
    const { key: oldKey, paused: wasPaused, slug: _slug, kind: _kind, ...old } = was;
    const handmade = (await findIntegration(tx, slug)).managed_by === "ui";
    if (handmade || !isDeepStrictEqual(patch, old)) await updateIntegration(tx, by, { slug, ...patch });
    if (key !== undefined && key !== oldKey) await rotateKey(tx, by, { slug, key });
    if (paused !== wasPaused) await pauseIntegration(tx, by, { slug, paused });
  },
  remove: (tx, by, slug) => deleteIntegration(tx, by, slug),
};
