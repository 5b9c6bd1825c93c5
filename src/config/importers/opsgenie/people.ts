import { isTimeZone } from "../../../oncall/schedule/check.ts";
import type { ImportedDocument, NotMapped } from "../report.ts";
import type { OpsgenieExport, Recipient, User } from "./shape.ts";

type UserEntry = NonNullable<ImportedDocument["users"]>[number];

export interface People {
  entries: UserEntry[];
  /** The address that the rest of the document calls somebody by; undefined for who isn't taken over. */
  emailOf: (who: { id?: string | undefined; username?: string | undefined }) => string | undefined;
  membersOf: (team: Recipient) => string[];
}

/** Everybody who isn't blocked, with e-mail contacts. Opsgenie's roles are left to an administrator. */
export function readPeople({ users, teams }: OpsgenieExport, notMapped: NotMapped[]): People {
  const byId = new Map<string, string>();
  const byName = new Map<string, string>();
  const entries = users.flatMap((user, i): UserEntry[] => {
    const path = `/users/${i}`;
    if (user.blocked) {
      notMapped.push({
        path,
        what: `${user.username} is blocked`,
        proposal: "They are left out; their turns are vacant.",
      });
      return [];
    }
    const email = user.username.toLowerCase();
    byId.set(user.id, email);
    if (byName.has(email)) return [];
    byName.set(email, email);
    return [entryOf(user, path, notMapped)];
  });
  const emailOf: People["emailOf"] = ({ id, username }) =>
    (username && byName.get(username.toLowerCase())) || (id && byId.get(id)) || undefined;
  const membersOf = (who: Recipient) => {
    const team = teams.find((each) => (who.id ? each.id === who.id : each.name === who.name));
    return [...new Set((team?.members ?? []).flatMap(({ user }) => emailOf(user) ?? []))];
  };
  return { entries, emailOf, membersOf };
}

function entryOf(user: User, path: string, notMapped: NotMapped[]): UserEntry {
  const email = user.username.toLowerCase();
  const mails = new Set([email]);
  user.contacts.forEach(({ contactMethod, method, to }, i) => {
    const kind = contactMethod ?? method ?? "unknown";
    if (kind === "email") mails.add(to.toLowerCase());
    else
      notMapped.push({
        path: `${path}/contacts/${i}`,
        what: `${kind} contact ${to} of ${email}`,
        proposal: "Add it in the profile when a provider for it is set up, and have its owner verify it.",
      });
  });
  user.notificationRules.forEach(({ name, actionType }, i) => {
    notMapped.push({
      path: `${path}/notificationRules/${i}`,
      what: `notification rule "${name || actionType}" of ${email}`,
      proposal: "Without rules every verified contact method is used; set rules in the profile.",
    });
  });
  if (user.role?.name && !/^user$/i.test(user.role.name))
    notMapped.push({
      path: `${path}/role`,
      what: `${email} is "${user.role.name}" in Opsgenie`,
      proposal: "Nobody is made an administrator by an import; change the role under Settings → People.",
    });
  const zone = user.timeZone;
  if (zone && !isTimeZone(zone))
    notMapped.push({
      path: `${path}/timeZone`,
      what: `time zone "${zone}" is unknown`,
      proposal: "Set it in the profile.",
    });
  return {
    email,
    ...(user.fullName.trim() ? { name: user.fullName.trim().slice(0, 120) } : {}),
    ...(zone && isTimeZone(zone) ? { time_zone: zone } : {}),
    contact_methods: [...mails].map((each, i) => ({ slug: i === 0 ? "mail" : `mail-${i + 1}`, email: each })),
  };
}
