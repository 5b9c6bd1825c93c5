import type { z } from "zod";
import { judgeHolds } from "../../alert/holds.ts";
import { readTiming } from "../../catalog/maintenance/definition.ts";
import type { MaintenancePorts } from "../../catalog/maintenance/ports.ts";
import { createWindow, deleteWindow, updateWindow, writtenOf } from "../../catalog/maintenance/windows.ts";
import { formatDuration, parseDuration } from "../../platform/duration.ts";
import { monitorsNamed } from "../../watch/of-services.ts";
import { maintenanceEntry } from "../document.ts";
import { type ConfigSection, type Entry, withoutDefaults } from "../section.ts";

type WindowEntry = z.output<typeof maintenanceEntry> & { name: string };

const ports: MaintenancePorts = { monitorsNamed, judgeHolds };

const inOrder = (list: readonly string[]): string[] => [...new Set(list)].sort();

const shortest = (text: string): string => {
  const ms = parseDuration(text);
  return ms === undefined ? text : formatDuration(ms);
};

/** Which services and monitors are named matters, their order doesn't. */
const canonical = <T extends Omit<WindowEntry, "slug">>(entry: T): T => ({
  ...entry,
  services: inOrder(entry.services),
  monitors: inOrder(entry.monitors),
  labels: Object.fromEntries(Object.entries(entry.labels).sort(([a], [b]) => (a < b ? -1 : 1))),
});

const typed = (entry: Entry): WindowEntry => {
  const parsed = maintenanceEntry.parse(entry);
  const duration = parsed.duration === null ? null : shortest(parsed.duration);
  const { zone } = readTiming(parsed);
  return canonical({ ...parsed, name: parsed.name ?? parsed.slug, time_zone: zone, duration });
};

export const maintenanceWindows: ConfigSection = {
  name: "maintenance_windows",
  async read(db) {
    const rows = await db.selectFrom("maintenance_windows").selectAll().orderBy("slug").execute();
    return rows.map((row) => ({
      key: row.slug,
      managedBy: row.managed_by,
      entry: { slug: row.slug, ...canonical(writtenOf(row)) },
    }));
  },
  normalise: (entry) => ({ ...typed(entry) }),
  brief: (entry) =>
    withoutDefaults(entry, {
      name: entry.slug,
      description: "",
      everything: false,
      services: [],
      monitors: [],
      labels: {},
      time_zone: "UTC",
      ends: null,
      rrule: null,
      duration: null,
      exclude_from_uptime: true,
    }),
  create: async (tx, by, entry) => void (await createWindow(tx, by, { input: typed(entry), ports })),
  update(tx, by, { entry }) {
    const { slug, ...change } = typed(entry);
    return updateWindow(tx, by, { slug, change, ports });
  },
  remove: (tx, by, slug) => deleteWindow(tx, by, { slug, ports }),
};
