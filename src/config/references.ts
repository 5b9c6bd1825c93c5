import { nearest } from "../platform/nearest.ts";
import { membersOf } from "../watch/kinds/group/group.ts";
import { type ConfigDocument, SECTIONS, type Section } from "./document.ts";
import { type ConfigProblem, keyText, type Parsed } from "./parse.ts";

interface Reference {
  section: Section;
  key: string;
  path: (string | number)[];
}

const NOUNS: Record<Section, string> = {
  providers: "provider",
  users: "person",
  teams: "team",
  schedules: "schedule",
  escalation_policies: "escalation policy",
  services: "service",
  monitors: "monitor",
  integrations: "integration",
  maintenance_windows: "maintenance window",
  holiday_lists: "list of holidays",
};

/** Everything that points at something which will not be there. `known` are the keys of each section afterwards. */
export function danglingReferences(
  parsed: Parsed,
  known: ReadonlyMap<Section, ReadonlySet<string>>,
): ConfigProblem[] {
  return references(parsed.document)
    .filter(({ section, key }) => !known.get(section)?.has(key))
    .map(({ section, key, path }) => {
      const meant = nearest(key, known.get(section) ?? []);
      const help = meant ? `; did you mean "${meant}"?` : "";
      const message = `there is no ${NOUNS[section]} "${key}"${help}`;
      return { ...parsed.locate(path), key: keyText(path), message };
    });
}

function references(document: ConfigDocument): Reference[] {
  const found: Reference[] = [];
  const add = (section: Section, key: string | null | undefined, path: (string | number)[]) => {
    if (key) found.push({ section, key: section === "users" ? key.toLowerCase() : key, path });
  };
  for (const name of SECTIONS) collectors[name](document, add);
  return found;
}

type Levels = Pick<ConfigDocument["escalation_policies"][number], "levels" | "fallback">;

const targetLists = ({ levels, fallback }: Levels, at: readonly (string | number)[]) => [
  ...levels.map(({ targets }, k) => ({ targets, at: [...at, "levels", k, "targets"] })),
  { targets: fallback, at: [...at, "fallback"] },
];

type Add = (section: Section, key: string | null | undefined, path: (string | number)[]) => void;

const collectors: Record<Section, (document: ConfigDocument, add: Add) => void> = {
  providers() {},
  users() {},
  teams(document, add) {
    document.teams.forEach((team, i) => {
      for (const field of ["members", "leads"] as const) {
        for (const [k, email] of team[field].entries()) add("users", email, ["teams", i, field, k]);
      }
      add("users", team.lead, ["teams", i, "lead"]);
    });
  },
  schedules(document, add) {
    document.schedules.forEach((schedule, i) => {
      add("teams", schedule.team, ["schedules", i, "team"]);
      schedule.layers.forEach((layer, k) => {
        layer.users?.forEach((seat, n) => {
          for (const email of [seat].flat()) add("users", email, ["schedules", i, "layers", k, "users", n]);
        });
        layer.shifts?.forEach(({ user, users }, n) => {
          for (const email of users ?? [user])
            add("users", email, ["schedules", i, "layers", k, "shifts", n, users ? "users" : "user"]);
        });
      });
      schedule.overrides.forEach((override, k) => {
        for (const field of ["user", "replaces", "removes"] as const)
          add("users", override[field], ["schedules", i, "overrides", k, field]);
      });
    });
  },
  escalation_policies(document, add) {
    document.escalation_policies.forEach((policy, i) => {
      add("teams", policy.team, ["escalation_policies", i, "team"]);
      const lists = [
        ...targetLists(policy, []),
        ...policy.paths.flatMap((path, k) => targetLists(path, ["paths", k])),
      ];
      for (const { targets, at } of lists) {
        targets.forEach((target, n) => {
          const path = ["escalation_policies", i, ...at, n];
          if ("user" in target) add("users", target.user, [...path, "user"]);
          else if ("team" in target) add("teams", target.team, [...path, "team"]);
          else if ("lead" in target) add("teams", target.lead, [...path, "lead"]);
          else if ("next" in target) add("schedules", target.next, [...path, "next"]);
          else add("schedules", target.schedule, [...path, "schedule"]);
        });
      }
    });
  },
  services(document, add) {
    document.services.forEach((service, i) => {
      add("teams", service.team, ["services", i, "team"]);
      add("escalation_policies", service.escalation_policy, ["services", i, "escalation_policy"]);
      for (const [k, slug] of service.depends_on.entries())
        add("services", slug, ["services", i, "depends_on", k]);
    });
  },
  monitors(document, add) {
    for (const [i, monitor] of document.monitors.entries()) {
      add("services", monitor.service, ["monitors", i, "service"]);
      if (monitor.kind !== "group") continue;
      for (const [k, slug] of membersOf(monitor).entries())
        add("monitors", slug, ["monitors", i, "members", k]);
    }
  },
  integrations(document, add) {
    for (const [i, { service }] of document.integrations.entries())
      add("services", service, ["integrations", i, "service"]);
  },
  maintenance_windows(document, add) {
    document.maintenance_windows.forEach((window, i) => {
      for (const section of ["services", "monitors"] as const)
        for (const [k, slug] of window[section].entries())
          add(section, slug, ["maintenance_windows", i, section, k]);
    });
  },
  holiday_lists(document, add) {
    document.holiday_lists.forEach((list, i) => {
      for (const section of ["teams", "schedules"] as const)
        for (const [k, slug] of list[section].entries()) add(section, slug, ["holiday_lists", i, section, k]);
    });
  },
};
