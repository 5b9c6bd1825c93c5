import { z } from "zod";

/** What a registry says of a domain. */
export interface Registration {
  /** Epoch ms; null where the registry doesn't tell. */
  expiresMs: number | null;
  /** In the words of RFC 8056: `client hold`, `redemption period`. */
  statuses: readonly string[];
  registrar: string | null;
  /** Lower case, without the last dot, sorted. */
  nameservers: readonly string[];
}

/** Of a list, what can be read; one odd entry must not hide the others. */
const listOf = <T>(each: z.ZodType<T>) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((list) =>
      list.flatMap((item) => {
        const parsed = each.safeParse(item);
        return parsed.success ? [parsed.data] : [];
      }),
    );

// RFC 9083 §5.3, as far as it is looked at.
const answer = z.object({
  objectClassName: z.string().refine((text) => text.toLowerCase() === "domain"),
  events: listOf(z.object({ eventAction: z.string(), eventDate: z.string() })),
  status: listOf(z.string()),
  entities: listOf(
    z.object({
      roles: listOf(z.string()),
      handle: z.string().optional().catch(undefined),
      vcardArray: z.unknown(),
    }),
  ),
  nameservers: listOf(z.object({ ldhName: z.string() })),
});

type Answer = z.infer<typeof answer>;

/** Reads an RDAP answer; null for what isn't one about a domain. */
export function readRegistration(document: unknown): Registration | null {
  const parsed = answer.safeParse(document);
  if (!parsed.success) return null;
  const { status, nameservers } = parsed.data;
  return {
    expiresMs: dateOf(parsed.data, "expiration") ?? dateOf(parsed.data, "registrar expiration"),
    statuses: [...new Set(status.map(statusWords))],
    registrar: registrarOf(parsed.data),
    nameservers: [...new Set(nameservers.map(({ ldhName }) => bareName(ldhName)))].sort(),
  };
}

/** `Ns1.Example.com.` → `ns1.example.com`. */
export const bareName = (name: string): string => name.toLowerCase().replace(/\.$/, "");

/** EPP's `clientHold` and RDAP's `client hold` are one. */
export const statusWords = (text: string): string =>
  text
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .trim()
    .toLowerCase();

function dateOf({ events }: Answer, action: string): number | null {
  const event = events.find(({ eventAction }) => eventAction.toLowerCase() === action);
  return event ? instantOf(event.eventDate) : null;
}

/** Some registries leave the zone out, or the time; they mean UTC. */
function instantOf(text: string): number | null {
  const [day = "", time = "00:00:00"] = text.trim().split(/[T ]/i);
  const zoned = /z$|[+-]\d\d:?\d\d$/i.test(time) ? time : `${time}Z`;
  try {
    return Temporal.Instant.from(`${day}T${zoned}`).epochMilliseconds;
  } catch {
    return null;
  }
}

function registrarOf({ entities }: Answer): string | null {
  const registrar = entities.find(({ roles }) => roles.some((role) => role.toLowerCase() === "registrar"));
  return registrar ? (formattedName(registrar.vcardArray) ?? registrar.handle ?? null) : null;
}

const card = z
  .tuple([z.unknown(), listOf(z.tuple([z.string(), z.unknown(), z.unknown(), z.string()]).rest(z.unknown()))])
  .rest(z.unknown());

/** jCard's `fn` (RFC 7095): `["vcard", [["fn", {}, "text", "Example Registrar"], …]]`. */
function formattedName(vcard: unknown): string | null {
  const parsed = card.safeParse(vcard);
  const name = parsed.success
    ? parsed.data[1].find(([property]) => property.toLowerCase() === "fn")?.[3]
    : undefined;
  return name?.trim() || null;
}

const bootstrap = z.object({
  services: listOf(z.tuple([z.array(z.string()), z.array(z.string())]).rest(z.unknown())),
});

/** RDAP servers by the end of a name (RFC 9224): `com` → `https://…/`. */
export type Servers = ReadonlyMap<string, string>;

/** Null for what isn't a list of servers. */
export function readServers(document: unknown): Servers | null {
  const parsed = bootstrap.safeParse(document);
  if (!parsed.success || parsed.data.services.length === 0) return null;
  return new Map(
    parsed.data.services.flatMap(([ends, urls]) => {
      const url = urls.find((each) => each.startsWith("https:")) ?? urls[0];
      return url === undefined ? [] : ends.map((end) => [end.toLowerCase(), url] as const);
    }),
  );
}

/** The server for the longest end of the name that is listed. */
export function serverFor(name: string, servers: Servers): string | undefined {
  const labels = name.split(".");
  const ends = labels.map((_, i) => labels.slice(i).join("."));
  return ends.map((end) => servers.get(end)).find((url) => url !== undefined);
}
