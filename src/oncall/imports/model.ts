import type { ImportedSpan } from "../calendar/parse.ts";

export interface Known {
  id: string;
  name: string;
  email: string;
}

export interface AwayEvent {
  user: string;
  from: Temporal.Instant;
  to: Temporal.Instant;
  summary: string;
}

const plain = (text: string): string =>
  ` ${text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}@.+-]+/gu, " ")
    .trim()} `;

/** Events with one of the words in their title; all of them when there are no words. */
export const withWords = <E extends { summary: string }>(
  events: readonly E[],
  words: readonly string[],
): E[] =>
  events.filter(
    ({ summary }) =>
      words.length === 0 || words.some((word) => summary.toLowerCase().includes(word.toLowerCase())),
  );

/**
 * Whom an event is about: its attendees by e-mail; without a known one, everybody whose e-mail or whole name is in the
 * title. A name that two people share names nobody, since it can't be told which.
 */
export function peopleIn(
  event: Pick<ImportedSpan, "attendees" | "summary">,
  known: readonly Known[],
): string[] {
  const attending = known.filter(({ email }) => event.attendees.includes(email.toLowerCase()));
  if (attending.length > 0) return attending.map(({ id }) => id);
  const title = plain(event.summary);
  return known
    .filter(
      ({ email, name }) =>
        title.includes(plain(email)) ||
        (title.includes(plain(name)) &&
          known.filter((other) => plain(other.name) === plain(name)).length === 1),
    )
    .map(({ id }) => id);
}

/** Times away that a calendar says, and the titles of events that name nobody. `user`: whose calendar it is, if one's. */
export function awayEvents(
  events: readonly ImportedSpan[],
  { user, words, known }: { user: string | null; words: readonly string[]; known: readonly Known[] },
): { events: AwayEvent[]; unmatched: string[] } {
  const unmatched = new Set<string>();
  const found = withWords(events, words).flatMap((event) => {
    const { from, to, summary } = event;
    const people = user === null ? peopleIn(event, known) : [user];
    if (people.length === 0) unmatched.add(summary || "(no title)");
    return people.map((each) => ({ user: each, from, to, summary }));
  });
  return { events: found, unmatched: [...unmatched] };
}
