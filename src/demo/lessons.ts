/** What the demo's people wrote afterwards, by story. Everything else of a postmortem comes from the record. */
export interface Lesson {
  story: string;
  author: string;
  title: string;
  headline: string;
  causes: string;
  resolution: string;
  well: string;
  poorly: string;
  lucky: string;
  tags: string[];
  actions: {
    title: string;
    owner: string;
    type: "investigate" | "repair" | "detect" | "mitigate" | "prevent";
    priority?: "high";
    /** Days after publication; the demo closes it then, unless it is still open. */
    dueDays: number;
    state: "open" | "done";
    guard?: string;
  }[];
}

export const LESSONS: readonly Lesson[] = [
  {
    story: "cert-1",
    author: "farid",
    title: "The shop's certificate expired at midnight",
    headline:
      "For 52 minutes browsers warned customers away, because a renewal that had failed for three weeks told nobody.",
    causes:
      "The renewal proves that we own the name by writing a DNS record. In July we moved the zone to another provider; the job kept writing to the old one and failed every night.\n\nIts failures went to a mailbox that belongs to nobody since the reorganisation. Nothing looked at the certificate itself.",
    resolution:
      "A certificate was issued by hand and rolled out to both regions. The renewal job writes to the new provider since.",
    well: "The page said which name and when it had expired; nobody had to look for the cause.",
    poorly: "Rolling a certificate out by hand needs two people who know how, and one of them was asleep.",
    lucky: "Midnight. At noon the same hour would have cost some forty times as many baskets.",
    tags: ["certificates", "dns", "ownership"],
    actions: [
      {
        title: "Alert 14 days before any certificate of ours expires",
        owner: "emi",
        type: "detect",
        priority: "high",
        dueDays: 5,
        state: "done",
        guard: "edge-tls",
      },
      {
        title: "Send failures of scheduled jobs to the on-call policy of their team",
        owner: "farid",
        type: "repair",
        dueDays: 20,
        state: "done",
      },
      {
        title: "One command that rolls a certificate out everywhere",
        owner: "ada",
        type: "mitigate",
        dueDays: 40,
        state: "open",
      },
    ],
  },
  {
    story: "basket-1",
    author: "chidi",
    title: "The basket ran out of database connections in the evening sale",
    headline:
      "Eleven queries a page where one would do used up the basket's connections for 67 minutes of the busiest evening.",
    causes:
      "Tuesday's release asks for recommendations one product at a time. By day that costs little. In the evening sale every page held a connection eleven times as long, and the pool of 40 was empty within minutes.\n\nDoubling the pool moved the queue into the database and made it worse for everyone else.",
    resolution: "The recommendation strip was switched off, later replaced by one query a page.",
    well: "The switch for the strip existed and worked at once.",
    poorly: "We spent 25 minutes making the pool larger before asking what held the connections.",
    lucky: "Orders have a pool of their own, so whoever had reached the checkout could finish.",
    tags: ["connection pool", "load", "release"],
    actions: [
      {
        title: "Limit the queries one page may make, and fail the build above it",
        owner: "bo",
        type: "prevent",
        priority: "high",
        dueDays: 28,
        state: "open",
      },
      {
        title: "Show who holds the basket's connections on its dashboard",
        owner: "dana",
        type: "detect",
        dueDays: 10,
        state: "done",
      },
    ],
  },
  {
    story: "gateway-1",
    author: "dana",
    title: "Switching payment providers by deploy took longer than the outage needed",
    headline:
      "A slow data centre at our card provider kept customers from paying for 94 minutes; the way around it was a night deploy.",
    causes:
      "One of the provider's data centres answered after 20 seconds or more. Our limit is 10.\n\nThe second provider is under contract and tested every month, but choosing it was a setting that only a deploy changes. At night that took 40 minutes.",
    resolution:
      "All authorisations went to the second provider until the morning. `pay switch` now does it at once.",
    well: "Escalation reached a second person after five minutes, and both knew the second provider.",
    poorly:
      "The first person looked for a fault of ours for a quarter of an hour, because the provider's status page was green.",
    lucky: "Nothing.",
    tags: ["dependency", "failover", "payments"],
    actions: [
      {
        title: "Switch providers with one command, without a deploy",
        owner: "dana",
        type: "mitigate",
        priority: "high",
        dueDays: 14,
        state: "done",
        guard: "gateway-authorise",
      },
      {
        title: "Compare both providers' answer times on one chart",
        owner: "chidi",
        type: "detect",
        dueDays: 30,
        state: "done",
      },
    ],
  },
  {
    story: "login-1",
    author: "ada",
    title: "A setting that only staging had",
    headline:
      "Nobody could sign in for 13 minutes after a release that read a setting production did not have.",
    causes:
      "The setting was added to staging by hand while trying things out. The release began to need it. Nothing compares the two places before a release goes out.",
    resolution: "Rolled back, then released again with the setting in place.",
    well: "Two minutes from page to somebody looking, nine more to the roll-back.",
    poorly: "The release was green: its check after the deploy signs nobody in.",
    lucky: "It was the smallest release of the week, so the roll-back was simple.",
    tags: ["configuration", "release"],
    actions: [
      {
        title: "Refuse to start when a setting that the program needs is missing",
        owner: "ada",
        type: "prevent",
        dueDays: 7,
        state: "done",
        guard: "shop-login",
      },
      {
        title: "Sign in for real in the check after every deploy",
        owner: "bo",
        type: "detect",
        dueDays: 14,
        state: "done",
      },
    ],
  },
  {
    story: "disk-1",
    author: "emi",
    title: "A forgotten replication slot filled the main database's disk",
    headline:
      "Writes failed for 71 minutes: the log kept for an analytics copy that no longer exists had filled the disk.",
    causes:
      "A replication slot tells PostgreSQL to keep its log until a copy has read it. The copy was switched off in August; its slot was not. Over ten weeks the log grew to 212 GB.\n\nThe disk alert exists and fired three days before, at low urgency, into a channel with some 400 messages a day.",
    resolution:
      "Dropped the slot and forced a checkpoint. `max_slot_wal_keep_size` limits what any slot may keep.",
    well: "The first responder found the slot within four minutes, from the note of the replica incident.",
    poorly: "A warning that nobody must answer is not a warning.",
    lucky: "The disk filled at 03:37. An hour of evening orders would have had to be replayed by hand.",
    tags: ["disk", "postgresql", "alert fatigue"],
    actions: [
      {
        title: "Limit what a replication slot may keep",
        owner: "emi",
        type: "prevent",
        priority: "high",
        dueDays: 3,
        state: "done",
        guard: "postgres-health",
      },
      {
        title: "Page at high urgency when a disk will be full within two days",
        owner: "farid",
        type: "detect",
        priority: "high",
        dueDays: 14,
        state: "done",
      },
      {
        title: "A checklist for retiring a copy, with its slot on it",
        owner: "greta",
        type: "prevent",
        dueDays: 30,
        state: "open",
      },
    ],
  },
  {
    story: "basket-2",
    author: "chidi",
    title: "The basket again: the fix we promised had not shipped",
    headline:
      "The same pool ran dry for the same reason five weeks later. The limit that would have prevented it was still on the list.",
    causes:
      "The strip came back with a new design, and with one query per product again. The check that would have failed its build is an action of the first postmortem that had slipped behind the autumn campaign.",
    resolution: "Switched the strip off; its second version makes one query.",
    well: "Recognised in six minutes and over in half the time, because the first postmortem was read.",
    poorly: "We knew. A promised fix without a date that anybody looks at is a wish.",
    lucky: "The campaign began a day later.",
    tags: ["connection pool", "load", "repeat"],
    actions: [
      {
        title: "Ship the limit on queries a page before the winter sale",
        owner: "bo",
        type: "prevent",
        priority: "high",
        dueDays: 21,
        state: "open",
        guard: "checkout-basket",
      },
      {
        title: "Overdue actions of repeats are read out in the Monday meeting",
        owner: "ada",
        type: "prevent",
        dueDays: 7,
        state: "done",
      },
    ],
  },
  {
    story: "webhooks-1",
    author: "dana",
    title: "A key that was rotated a week early",
    headline:
      "For 41 minutes we refused our payment provider's callbacks; every order was marked paid late, none was lost.",
    causes:
      "The provider changed its signing key a week before the date it had announced. We accept one key at a time.",
    resolution: "Put the new key in place; the provider sent its callbacks again by itself.",
    well: "Refusing unsigned callbacks is right, and the refusals were counted.",
    poorly: "The new key sat in a mail that one person gets.",
    lucky: "Their callbacks are repeated for a day.",
    tags: ["dependency", "keys", "payments"],
    actions: [
      {
        title: "Accept the provider's current and next key side by side",
        owner: "chidi",
        type: "prevent",
        dueDays: 14,
        state: "done",
        guard: "gateway-webhooks",
      },
    ],
  },
  {
    story: "list-1",
    author: "bo",
    title: "An empty product list with a healthy status",
    headline: "The cache kept an empty answer for 29 minutes; only a check of the page's words noticed.",
    causes:
      "While the search index restarts it answers 200 with no products. The catalogue believed it and the cache kept it for half an hour.",
    resolution: "Purged the cache. The catalogue treats an empty list of everything as an error.",
    well: "The monitor expects words on the page and not just a status: that is how we knew.",
    poorly: "Two services agreed that everything was fine.",
    lucky: "It was lunch time in the country with the fewest customers.",
    tags: ["cache", "search"],
    actions: [
      {
        title: "An empty list of all products is an error, never an answer",
        owner: "bo",
        type: "repair",
        dueDays: 5,
        state: "done",
        guard: "catalogue-list",
      },
      {
        title: "The search index says 503 until it has loaded",
        owner: "greta",
        type: "repair",
        dueDays: 14,
        state: "open",
      },
    ],
  },
];
