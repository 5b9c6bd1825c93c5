import { listOf, msOf } from "../base/fields.ts";
import { daysLeft, type Finding, quote } from "../base/finding.ts";
import { DEFAULT_WINDOW, type DomainConfig } from "./config.ts";
import { bareName, type Registration, statusWords } from "./registration.ts";

type Expect = NonNullable<DomainConfig["expect"]>;

/** What a status means to who needs the domain (RFC 8056, EPP's in RFC 5731 and RFC 3915); others are no trouble. */
const TROUBLE: Record<string, { words: string; status: "down" | "degraded" }> = {
  "client hold": { words: "the registrar has taken it out of the DNS", status: "down" },
  "server hold": { words: "the registry has taken it out of the DNS", status: "down" },
  inactive: { words: "it has no name servers", status: "down" },
  "redemption period": { words: "it was deleted, and can be bought back for some weeks", status: "down" },
  "pending restore": { words: "it was deleted and is being bought back", status: "down" },
  "pending delete": { words: "it is being deleted and will be free for anybody", status: "down" },
  "pending transfer": { words: "somebody is moving it to another registrar", status: "degraded" },
};

/** Everything expected of a registration, met and unmet. @param wallMs epoch ms */
export function domainFindings(expect: Expect, registration: Registration, wallMs: number): Finding[] {
  return [
    ...statusFindings(expect, registration),
    ...expiryFindings(expect, registration, wallMs),
    ...registrarFindings(expect, registration),
    ...nameserverFindings(expect, registration),
  ];
}

/** The day of an instant, in UTC. @param ms epoch ms */
export const dayOf = (ms: number): string =>
  Temporal.Instant.fromEpochMilliseconds(ms).toString().slice(0, 10);

function expiryFindings(expect: Expect, { expiresMs }: Registration, wallMs: number): Finding[] {
  if (expiresMs === null) return [];
  const windowMs = msOf(expect.expires_within ?? DEFAULT_WINDOW) ?? 0;
  const leftMs = expiresMs - wallMs;
  const expired = leftMs <= 0;
  const day = dayOf(expiresMs);
  const wanted = `${daysLeft(windowMs)} or more`;
  return [
    {
      what: "expiry",
      ok: !expired && leftMs >= windowMs,
      wanted,
      got: expired ? `expired on ${day}` : `${daysLeft(leftMs)}, until ${day}`,
      status: expired ? "down" : "degraded",
      reason: expired
        ? `[expiry] has expired on ${day}`
        : `[expiry] expires in ${daysLeft(leftMs)}, on ${day}; wanted ${wanted}`,
      code: expired ? "domain:expired" : "domain:expires",
    },
  ];
}

function statusFindings({ status }: Expect, { statuses }: Registration): Finding[] {
  const got = statuses.join(", ") || "none";
  const troubles = statuses.flatMap((each): Finding[] => {
    const trouble = TROUBLE[each];
    if (!trouble) return [];
    return [
      {
        what: "status",
        ok: false,
        wanted: `no ${each}`,
        got,
        status: trouble.status,
        reason: `[status] ${each}: ${trouble.words}`,
        code: `domain:${each.replaceAll(" ", "-")}`,
      },
    ];
  });
  const wishes = listOf(status).map((text): Finding => {
    const wanted = statusWords(text);
    const reason = `[status] ${wanted} is missing`;
    const ok = statuses.includes(wanted);
    return { what: "status", ok, wanted, got, status: "down", reason, code: "domain:status" };
  });
  return [...troubles, ...wishes];
}

function registrarFindings({ registrar: wanted }: Expect, { registrar }: Registration): Finding[] {
  if (wanted === undefined) return [];
  const got = registrar === null ? "not told" : quote(registrar);
  return [
    {
      what: "registrar",
      ok: registrar?.toLowerCase().includes(wanted.toLowerCase()) === true,
      wanted: quote(wanted),
      got,
      status: "down",
      reason: `[registrar] ${got}, wanted ${quote(wanted)}`,
      code: "domain:registrar",
    },
  ];
}

function nameserverFindings({ nameservers }: Expect, registration: Registration): Finding[] {
  if (nameservers === undefined) return [];
  const exact = [...new Set(listOf(nameservers).map(bareName))].sort().join(", ");
  const came = registration.nameservers.join(", ");
  const got = came || "none";
  const reason = `[nameservers] ${got}, wanted ${exact}`;
  return [
    {
      what: "nameservers",
      ok: came === exact,
      wanted: exact,
      got,
      status: "down",
      reason,
      code: "domain:nameservers",
    },
  ];
}
