import {
  createHolidayList,
  deleteHolidayList,
  holidayLists as readLists,
  updateHolidayList,
  written,
} from "../../oncall/fairness/holidays.ts";
import type { HolidayListInput } from "../../oncall/fairness/schema.ts";
import { holidayListEntry } from "../document.ts";
import { type ConfigSection, type Entry, withoutDefaults } from "../section.ts";

const inOrder = (list: readonly string[]): string[] => [...new Set(list)].sort();

/** Where it counts matters and which days, the order of neither does. */
const canonical = <T extends Omit<HolidayListInput, "slug">>(entry: T): T => ({
  ...entry,
  teams: inOrder(entry.teams),
  schedules: inOrder(entry.schedules),
  days: entry.days.toSorted((a, b) => (a.date < b.date ? -1 : 1)),
});

const typed = (entry: Entry): HolidayListInput => {
  const parsed = holidayListEntry.parse(entry);
  return canonical({ ...parsed, name: parsed.name ?? parsed.slug });
};

export const holidayLists: ConfigSection = {
  name: "holiday_lists",
  async read(db) {
    const lists = await readLists(db);
    return lists
      .toSorted((a, b) => (a.slug < b.slug ? -1 : 1))
      .map((list) => ({
        key: list.slug,
        managedBy: list.managed_by,
        entry: { slug: list.slug, ...canonical(written(list)) },
      }));
  },
  normalise: (entry) => ({ ...typed(entry) }),
  brief: (entry) =>
    withoutDefaults(entry, { name: entry.slug, everywhere: false, teams: [], schedules: [], days: [] }),
  create: (tx, by, entry) => createHolidayList(tx, by, typed(entry)),
  update: (tx, by, { entry }) => updateHolidayList(tx, by, typed(entry)),
  remove: deleteHolidayList,
};
