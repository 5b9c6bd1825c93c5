import { api } from "../../lib/api.ts";
import type { Invitation, Layer, PageOf, Policy, Schedule, Service, User } from "../../lib/types.ts";

export interface NextPerson {
  name: string;
  email: string;
  /** `second`: I first, then they. `turns`: a week each, the other one next. */
  how: "second" | "turns";
  /** How long before the next one is woken: "5m". */
  wait: string;
}

interface Person {
  email: string;
  time_zone: string;
}

const SCHEDULE = "primary";
const POLICY = "primary";

/** Invites them; someone who is here already is simply taken. The link is shown, because mail may not work yet. */
export async function inviteNext(next: NextPerson): Promise<Invitation | null> {
  const { items } = await api.get<PageOf<User>>("/users", { q: next.email, active: "all" });
  const known = items.find((user) => user.email.toLowerCase() === next.email.trim().toLowerCase());
  if (known !== undefined) return null;
  const made = await api.post<User & { invitation: Invitation }>("/users", {
    name: next.name,
    email: next.email.trim(),
    role: "responder",
  });
  return made.invitation;
}

/** A schedule and a policy of these two, given to every service that has none. Done again it changes them. */
export async function pageInOrder(me: Person, next: NextPerson, monday: string): Promise<void> {
  const other = next.email.trim();
  const layers: Layer[] = [
    {
      rotation: "weekly",
      starts: `${monday}T09:00`,
      users: next.how === "turns" ? [me.email, other] : [me.email],
    },
  ];
  await createOrChange<Schedule>("/schedules", SCHEDULE, {
    name: "Primary",
    time_zone: me.time_zone,
    layers,
  });
  const second = next.how === "turns" ? [{ user: me.email }, { user: other }] : [{ user: other }];
  await createOrChange<Policy>("/escalation-policies", POLICY, {
    name: "Primary",
    repeat: 2,
    levels: [
      { targets: [{ schedule: SCHEDULE }], wait: next.wait },
      { targets: second, wait: "10m" },
    ],
    fallback: [{ user: me.email }],
  });
  const { items } = await api.get<PageOf<Service>>("/services", { limit: 500 });
  for (const service of items.filter((each) => each.escalation_policy === null))
    await api.patch(`/services/${service.slug}`, { escalation_policy: POLICY });
}

async function createOrChange<T extends { slug: string }>(
  path: string,
  slug: string,
  body: Record<string, unknown>,
): Promise<void> {
  const { items } = await api.get<PageOf<T>>(path, { limit: 500 });
  if (items.some((each) => each.slug === slug)) await api.patch(`${path}/${slug}`, body);
  else await api.post(path, { slug, ...body });
}
