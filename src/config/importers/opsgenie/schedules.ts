import type { ImportedDocument, ImportedSchedule, NotMapped } from "../report.ts";
import type { People } from "./people.ts";
import type { Override, Recipient, Rotation, Schedule, TimeRestriction } from "./shape.ts";
import { sourceShifts } from "./source-shifts.ts";

type Entry = NonNullable<ImportedDocument["schedules"]>[number];
type Layer = Entry["layers"][number];
type Hours = NonNullable<Layer["only"]>[number];
type Weekday = NonNullable<Hours["days"]>[number];

const WEEK: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const LONG = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

export interface RotationInput {
  schedule: Schedule;
  rotation: Rotation;
  slug: string;
  name: string;
  team: string | null;
  path: string;
  index: number;
  people: People;
  notMapped: NotMapped[];
}

/**
 * One schedule of Keepwatch. Opsgenie has all rotations of a schedule on call at once while Keepwatch's later layers
 * win, so each rotation is a schedule of its own and policies page all of them.
 */
export function readRotation(input: RotationInput): { entry: Entry; imported: ImportedSchedule } {
  const { schedule, rotation, slug, name, team, path, index } = input;
  const zone = schedule.timezone;
  const at = `${path}/rotations/${index}`;
  const ring = rotation.participants.map((who, i) => seat(input, who, `${at}/participants/${i}`));
  const overrides = schedule.overrides.flatMap((each, i) =>
    concerns(each, rotation) ? readOverride(input, each, `${path}/overrides/${i}`) : [],
  );
  const step = { hourly: "h", daily: "d", weekly: "w" }[rotation.type];
  const layer: Layer = {
    ...(rotation.length === 1 ? { rotation: rotation.type } : { every: `${rotation.length}${step}` }),
    starts: local(rotation.startDate, zone),
    ...(rotation.endDate ? { ends: local(rotation.endDate, zone) } : {}),
    users: ring.length === 0 ? [null] : ring.map(asSeat),
    ...only(rotation.timeRestriction),
  };
  if (rotation.type === "hourly")
    input.notMapped.push({
      path: at,
      what: "an hourly rotation",
      proposal:
        "Keepwatch counts its hours on the wall clock; compare the first turns after the clocks change with Opsgenie's.",
    });
  const entry: Entry = { slug, name, team, time_zone: zone, layers: [layer], overrides };
  const source = {
    rotation,
    timeZone: zone,
    ring,
    overrides: overrides.map(({ user = "", from, to }) => ({
      user,
      from: Temporal.Instant.from(from),
      to: Temporal.Instant.from(to),
    })),
  };
  const imported = { slug, path: at, time_zone: zone, sourceShifts: sourceShifts.bind(undefined, source) };
  return { entry, imported };
}

const asSeat = (users: string[]) => (users.length === 0 ? null : users.length === 1 ? users[0]! : users);

const local = (text: string, zone: string): string =>
  Temporal.Instant.from(text)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: "second" })
    .replace(/:00$/, "");

function seat({ people, notMapped }: RotationInput, who: Recipient, path: string): string[] {
  if (who.type === "none") return [];
  const email = who.type === "user" ? people.emailOf(who) : undefined;
  const users = who.type === "team" ? people.membersOf(who) : email ? [email] : [];
  const named = who.username ?? who.name ?? who.id ?? "";
  if (users.length === 0)
    notMapped.push({
      path,
      what: `participant ${who.type} ${named}`,
      proposal:
        who.type === "escalation"
          ? "A turn is people, not an escalation: the turn is vacant; put people into it."
          : "Nobody of that name is in the export: the turn is vacant; put people into it.",
    });
  else if (who.type === "team")
    notMapped.push({
      path,
      what: `participant team ${named}`,
      proposal: "Its present members share the turn; later members are added to the schedule by hand.",
    });
  return users;
}

/** An override without rotations is of all of them. */
const concerns = ({ rotations }: Override, { id, name }: Rotation): boolean =>
  !rotations?.length ||
  rotations.some((each) => (each.id ? each.id === id : each.name !== undefined && each.name === name));

function readOverride({ people, notMapped }: RotationInput, each: Override, path: string) {
  const user = each.user.type === "user" ? people.emailOf(each.user) : undefined;
  if (user) return [{ user, from: each.startDate, to: each.endDate }];
  const known = notMapped.some((item) => item.path === path);
  if (!known)
    notMapped.push({
      path,
      what: `override by ${each.user.type} ${each.user.username ?? each.user.name ?? ""}`.trimEnd(),
      proposal: "Only people can take a shift; make the override on the schedule's calendar.",
    });
  return [];
}

const time = (hour: number, minute: number): string =>
  `${String(hour % 24).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;

function only(restriction: TimeRestriction | null | undefined): { only?: Hours[] } {
  if (!restriction) return {};
  if (restriction.type === "time-of-day") {
    const { startHour, startMin, endHour, endMin } = restriction.restriction;
    return { only: [{ from: time(startHour, startMin), to: time(endHour, endMin) }] };
  }
  const hours = restriction.restrictions.flatMap(weekHours);
  return hours.length > 0 ? { only: hours } : {};
}

type WeekRestriction = Extract<TimeRestriction, { restrictions: unknown }>["restrictions"][number];

/** Monday 09:00 to Friday 17:00 without a break: Monday from 09:00, three whole days, Friday until 17:00. */
function weekHours(each: WeekRestriction): Hours[] {
  const [from, to] = [time(each.startHour, each.startMin), time(each.endHour, each.endMin)];
  const starts = LONG.indexOf(each.startDay) * 1440 + each.startHour * 60 + each.startMin;
  const ends = LONG.indexOf(each.endDay) * 1440 + each.endHour * 60 + each.endMin;
  const minutes = (((ends - starts) % 10_080) + 10_080) % 10_080 || 10_080;
  const first = Math.floor(starts / 1440);
  const day = (n: number) => WEEK[n % 7]!;
  if (minutes <= 1440) return [{ days: [day(first)], from, to }];
  const last = Math.floor((starts + minutes) / 1440);
  const whole = Array.from({ length: last - first - 1 }, (_, i) => day(first + 1 + i));
  return [
    { days: [day(first)], from, to: "00:00" },
    ...(whole.length > 0 ? [{ days: whole }] : []),
    ...(to === "00:00" ? [] : [{ days: [day(last)], from: "00:00", to }]),
  ];
}
