import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { judgeHolds } from "../../alert/holds.ts";
import { dependenciesOf } from "../../catalog/dependencies.ts";
import { createService, deleteService, findService, updateService } from "../../catalog/services.ts";
import { checkSupportHours } from "../../catalog/support-hours.ts";
import { setServicePolicy } from "../../oncall/policies.ts";
import type { By } from "../../org/actor.ts";
import type { DbOrTx, Tx } from "../../platform/database/database.ts";
import { deleteMonitor } from "../../watch/monitors.ts";
import { monitorsOfService } from "../../watch/of-services.ts";
import { serviceEntry } from "../document.ts";
import { type ConfigSection, type Entry, withoutDefaults } from "../section.ts";
import { refuseUsed } from "./refusals.ts";

type ServiceEntry = z.output<typeof serviceEntry> & { name: string };

const typed = (entry: Entry): ServiceEntry => {
  const parsed = serviceEntry.parse(entry);
  const depends_on = [...new Set(parsed.depends_on)].sort();
  const support_hours = parsed.support_hours && checkSupportHours(parsed.support_hours);
  return { ...parsed, name: parsed.name ?? parsed.slug, depends_on, support_hours };
};

async function readServices(db: DbOrTx) {
  const rows = await db
    .selectFrom("services")
    .leftJoin("teams", "teams.id", "services.team_id")
    .leftJoin("service_policies", "service_policies.service_id", "services.id")
    .leftJoin("escalation_policies", "escalation_policies.id", "service_policies.escalation_policy_id")
    .selectAll("services")
    .select(["teams.slug as team", "escalation_policies.slug as policy"])
    .orderBy("services.slug")
    .execute();
  const dependencies = await db
    .selectFrom("service_dependencies")
    .innerJoin("services", "services.id", "service_dependencies.depends_on_id")
    .select(["service_dependencies.service_id", "services.slug"])
    .orderBy("services.slug")
    .execute();
  const needed = Map.groupBy(dependencies, (row) => row.service_id);
  return rows.map((row) => ({ row, needs: (needed.get(row.id) ?? []).map((each) => each.slug) }));
}

/** Dependencies may point at services further down: they are set when all services are there. */
export async function setServiceDependencies(tx: Tx, by: By, entry: Entry): Promise<void> {
  const { slug, depends_on } = typed(entry);
  const { id } = await findService(tx, slug);
  const there = (await dependenciesOf(tx, [id])).get(id) ?? [];
  const same = there.length === depends_on.length && there.every((each) => depends_on.includes(each.slug));
  if (!same) await updateService(tx, by, { slug, depends_on });
}

/** Takes away what the service depends on no longer, so that a dependency may be turned round. */
export async function loosenDependencies(
  tx: Tx,
  by: By,
  change: { entry: Entry; before: Entry },
): Promise<void> {
  const { slug, depends_on: wanted } = typed(change.entry);
  const before = typed(change.before).depends_on;
  const staying = before.filter((each) => wanted.includes(each));
  if (staying.length < before.length) await updateService(tx, by, { slug, depends_on: staying });
}

async function setPolicy(tx: Tx, by: By, { slug, escalation_policy }: ServiceEntry): Promise<void> {
  const { id } = await findService(tx, slug);
  await setServicePolicy(tx, by, id, escalation_policy);
}

export const services: ConfigSection = {
  name: "services",
  read: async (db) =>
    (await readServices(db)).map(({ row, needs }) => ({
      key: row.slug,
      managedBy: row.managed_by,
      entry: {
        slug: row.slug,
        name: row.name,
        description: row.description,
        team: row.team,
        escalation_policy: row.policy,
        urgency: row.urgency,
        depends_on: needs,
        runbook: row.runbook ?? null,
        support_hours: row.support_hours ?? null,
        visibility: row.visibility,
      },
    })),
  normalise: (entry) => ({ ...typed(entry) }),
  brief: (entry) =>
    withoutDefaults(entry, {
      name: entry.slug,
      description: "",
      team: null,
      escalation_policy: null,
      urgency: "high",
      depends_on: [],
      runbook: null,
      support_hours: null,
      visibility: "company",
    }),
  async create(tx, by, entry) {
    const service = typed(entry);
    const { escalation_policy: _policy, depends_on: _later, ...rest } = service;
    await createService(tx, by, rest);
    if (service.escalation_policy) await setPolicy(tx, by, service);
  },
  async update(tx, by, { entry, before }) {
    const service = typed(entry);
    const { escalation_policy, depends_on: _later, ...rest } = service;
    const { escalation_policy: _policy, depends_on: _needs, ...was } = typed(before);
    if (!isDeepStrictEqual(rest, was)) await updateService(tx, by, rest);
    if (!isDeepStrictEqual(rest.support_hours, was.support_hours)) await judgeHolds(tx, by);
    if (escalation_policy !== before.escalation_policy) await setPolicy(tx, by, service);
  },
  async remove(tx, by, slug) {
    const monitors = await monitorsOfService(tx, (await findService(tx, slug)).id);
    refuseUsed(
      `Service "${slug}"`,
      monitors.map((monitor) => `monitor "${monitor.slug}"`),
    );
    const ports = { monitorsOf: monitorsOfService, removeMonitor: deleteMonitor };
    await deleteService(tx, by, { slug, force: false, ports });
  },
};
