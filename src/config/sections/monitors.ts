import { isDeepStrictEqual } from "node:util";
import { formatDuration, parseDuration } from "../../platform/duration.ts";
import { openConfig, parseKindConfig } from "../../watch/kind-config.ts";
import { membersOf } from "../../watch/kinds/group/group.ts";
import type { MonitorKind } from "../../watch/kinds/index.ts";
import {
  confirmJson,
  confirmOf,
  createMonitor,
  deleteMonitor,
  kindFields,
  kindOf,
  type MonitorInput,
  pauseMonitor,
  replaceMonitor,
  updateMonitor,
} from "../../watch/monitors.ts";
import { monitorCommon } from "../../watch/schema.ts";
import { slowJson, slowOf } from "../../watch/slow.ts";
import { monitorEntry } from "../document.ts";
import { describeIssue } from "../issues.ts";
import { hideSecrets, showSecrets } from "../secrets.ts";
import { type ConfigSection, type Entry, withoutDefaults } from "../section.ts";
import { refuseFound } from "./refusals.ts";

const shortest = (text: string): string => {
  const ms = parseDuration(text);
  return ms === undefined ? text : formatDuration(ms);
};

/** Reads an entry whose secrets are marked or plain; the kind's own fields end up in `fields`. */
function typed(entry: Entry): MonitorInput & { paused?: boolean } {
  const plain = showSecrets(entry);
  const { paused, name, ...rest } = monitorEntry.parse(plain);
  const common = monitorCommon.parse({ ...rest, name: name ?? rest.slug });
  return { ...common, ...(paused === undefined ? {} : { paused }), fields: kindFields(plain) };
}

/** Checked here as well as when it is saved: a key that the kind does not know is named with the one it is nearest to. */
function refuseWrongFields(kind: MonitorKind, fields: Entry): void {
  const result = kind.schema.safeParse(fields);
  if (result.success) return;
  const common = Object.keys(monitorEntry.shape);
  refuseFound(result.error.issues.flatMap((issue) => describeIssue(kind.schema, issue, common)));
}

function canonical(entry: Entry): Entry {
  const { fields, ...common } = typed(entry);
  const kind = kindOf(common.kind);
  refuseWrongFields(kind, fields);
  const config = parseKindConfig(kind, fields, fields);
  return {
    ...common,
    every: shortest(common.every),
    timeout: shortest(common.timeout),
    confirm: confirmJson(confirmOf(common.confirm)),
    slow: slowJson(slowOf(common.slow, parseDuration(common.every) ?? 0)),
    ...hideSecrets(config, kind.secrets(config)),
  };
}

export const monitors: ConfigSection = {
  name: "monitors",
  async read(db, { platform }) {
    const rows = await db
      .selectFrom("monitors")
      .innerJoin("services", "services.id", "monitors.service_id")
      .selectAll("monitors")
      .select("services.slug as service")
      .orderBy("monitors.slug")
      .execute();
    return rows.map((row) => {
      const kind = kindOf(row.kind);
      const config = openConfig(kind, row.config, platform.secrets);
      const common = {
        slug: row.slug,
        name: row.name,
        kind: row.kind,
        service: row.service,
        every: formatDuration(row.every_ms),
        timeout: formatDuration(row.timeout_ms),
        confirm: confirmJson(row.confirm),
        slow: slowJson(row.slow),
        severity: row.severity,
        urgency: row.urgency,
        labels: row.labels,
        keep: row.keep,
        paused: row.paused_at !== null,
      };
      return {
        key: row.slug,
        managedBy: row.managed_by,
        entry: { ...common, ...hideSecrets(config, kind.secrets(config)) },
      };
    });
  },
  normalise: canonical,
  /** A pause made by hand stays unless the document says otherwise. */
  settle: (entry, stored) => ({
    entry: { ...entry, paused: entry.paused ?? stored?.entry.paused ?? false },
    before: stored?.entry,
  }),
  /** A group comes after its members. */
  after: (entry) => (entry.kind === "group" ? membersOf(entry) : []),
  brief: (entry) =>
    withoutDefaults(entry, {
      name: entry.slug,
      every: "1m",
      timeout: "10s",
      confirm: { failures: 3, retry_every: ["1s", "2s", "4s"], recoveries: 1 },
      slow: null,
      severity: "SEV3",
      urgency: null,
      labels: {},
      keep: "30d",
      paused: false,
    }),
  async create(tx, by, entry) {
    const { paused = false, ...input } = typed(entry);
    await createMonitor(tx, by, input);
    if (paused) await pauseMonitor(tx, by, { slug: input.slug, paused });
  },
  async update(tx, by, { entry, before }) {
    const { paused = false, slug, kind, ...change } = typed(entry);
    if (kind !== before.kind) {
      // Another kind is another monitor: what was measured before says nothing of it.
      await replaceMonitor(tx, by, { slug, kind, ...change });
      if (paused) await pauseMonitor(tx, by, { slug, paused });
      return;
    }
    if (!isDeepStrictEqual({ ...entry, paused: null }, { ...before, paused: null }))
      await updateMonitor(tx, by, { slug, change });
    if (paused !== before.paused) await pauseMonitor(tx, by, { slug, paused });
  },
  remove: (tx, by, slug) => deleteMonitor(tx, by, slug),
};
