import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after } from "node:test";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { type TestPlatform, testPlatform } from "../../test/support/platform.ts";
import { type Actor, by, SYSTEM } from "../org/actor.ts";
import { createListener } from "../platform/database/listen.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { createDue } from "../platform/due/due.ts";
import { newId } from "../platform/ids.ts";
import { silentLog } from "../platform/log.ts";
import { createMail } from "../platform/mail.ts";
import { createAddressGuard } from "../platform/net/address-guard.ts";
import { createResolver } from "../platform/net/resolver.ts";
import type { Answer, AnswerClaim, UnreachablePage } from "./answer.ts";
import { addContactMethod, type ContactMethodRow } from "./contact-methods.ts";
import { cancelRinging, createPages, type NewPage } from "./deliveries.ts";
import { type PageDeps, pageEngine } from "./engine.ts";
import type { PageMessage } from "./message.ts";
import type { Subject } from "./model.ts";
import type { PlannedDelivery } from "./new-delivery.ts";
import { describe, type FakeSubject } from "./subject.fixture.ts";

/** Waits for what is under way elsewhere in this process; fails with `what` after 4 s. */
export async function until(met: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 800; tries++) {
    if (await met()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.fail(`within 4 s this did not happen: ${what}\n${JSON.stringify(await ledger(), null, 2)}`);
}

/** What the ledger says, for the message of a test that waits in vain. */
let ledger: () => Promise<unknown> = async () => undefined;

/** A little longer than anything that is already due takes, for claims that nothing happens. */
export const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 80));

export interface Received {
  headers: IncomingHttpHeaders;
  raw: string;
  json: Record<string, unknown> & { delivery_id: string; type: string };
}

export interface Receiver extends AsyncDisposable {
  url: string;
  received: Received[];
  /** Answers the n-th request (from 0); 200 where it answers nothing. */
  answer: (n: number) => { status: number; headers?: Record<string, string>; body?: string } | undefined;
  /** Held before answering, while it is not null. */
  gate: Promise<void> | null;
}

/** A real HTTP server that keeps what it is sent. */
export async function receiver(): Promise<Receiver> {
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const raw = Buffer.concat(chunks).toString("utf8");
    const n = box.received.push({ headers: request.headers, raw, json: JSON.parse(raw) }) - 1;
    await box.gate;
    const { status, headers, body } = box.answer(n) ?? { status: 200 };
    response.writeHead(status, headers).end(body ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const box: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    received: [],
    answer: () => undefined,
    gate: null,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return box;
}

export interface Mailbox extends AsyncDisposable {
  url: string;
  mails: ParsedMail[];
  raw: string[];
  /** What the server says to a recipient; null accepts. */
  refuse: (recipient: string) => { code: number; text: string } | null;
}

/** A real mail server that keeps what it is sent. */
export async function mailbox(): Promise<Mailbox> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo(address, _session, done) {
      const no = box.refuse(address.address);
      done(no ? Object.assign(new Error(no.text), { responseCode: no.code }) : null);
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const raw = Buffer.concat(chunks).toString("utf8");
        box.raw.push(raw);
        simpleParser(raw).then(
          (mail) => {
            box.mails.push(mail);
            done(null);
          },
          (error: Error) => done(error),
        );
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  const box: Mailbox = {
    url: `smtp://127.0.0.1:${port}`,
    mails: [],
    raw: [],
    refuse: () => null,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return box;
}

export interface Fixture extends AsyncDisposable {
  t: TestPlatform;
  deps: PageDeps;
  subjects: Map<string, FakeSubject>;
  unreachable: UnreachablePage[];
  acted: AnswerClaim[];
  /** Called in `describe`, between a claim and its sending. */
  onDescribe: (subjectId: string) => Promise<void>;
  subject(some?: Partial<FakeSubject>): string;
  person(name: string): Promise<Actor & { id: string; email: string }>;
  /** A verified method, as the configuration would add it. */
  method(
    personId: string,
    address: { url: string; secret?: string } | { email: string },
  ): Promise<ContactMethodRow>;
  page(
    subjectId: string,
    personId: string,
    how: Partial<NewPage> & { plan: PlannedDelivery[] },
  ): Promise<string>;
  acknowledge(subjectId: string, actor: Actor): Promise<void>;
  /** Lets what is due come to its end, then moves the clock: a jump while something is sent would cost it its lease. */
  advance(ms: number): Promise<void>;
  /** By person, method, and time; ids made within one millisecond have no order. */
  deliveries(): Promise<{ id: string; status: string; reason: string | null; due_at: Temporal.Instant }[]>;
}

interface Pretence {
  subjects: Map<string, FakeSubject>;
  unreachable: UnreachablePage[];
  acted: AnswerClaim[];
  describing: (subjectId: string) => Promise<void>;
}

/** The port's rules as the incident's folder has them, over subjects in memory. */
function fakeAnswer({ subjects, unreachable, acted, describing }: Pretence): Answer {
  return {
    async wanted(_tx, { subjectId, round, purpose }) {
      const subject = subjects.get(subjectId);
      if (!subject) return { yes: false, why: "the incident is gone" };
      if (purpose !== "page") return { yes: true };
      if (subject.status !== "triggered") return { yes: false, why: `the incident is ${subject.status}` };
      return subject.round === round ? { yes: true } : { yes: false, why: "a newer round has begun" };
    },
    async describe(_db, subjectId) {
      await describing(subjectId);
      const subject = subjects.get(subjectId);
      assert.ok(subject);
      return describe(subjectId, subject, [...subjects.keys()].indexOf(subjectId) + 1);
    },
    resource: async (_db, subjectId) =>
      subjects.has(subjectId) ? { type: "incident", team: null, visibility: "company" } : null,
    async act(claim) {
      const subject = subjects.get(claim.subjectId);
      assert.ok(subject);
      acted.push(claim);
      const { action } = claim;
      if (action.verb === "note") return { done: true, text: "Noted." };
      if (subject.status === "resolved") return { done: false, text: "Already resolved." };
      if (subject.status === "acknowledged")
        return { done: false, text: `Already acknowledged by ${subject.acknowledgedBy}.` };
      if (claim.round !== subject.round)
        return { done: false, text: "This link belongs to an earlier page." };
      subject.status = action.verb === "resolve" ? "resolved" : "acknowledged";
      subject.acknowledgedBy = claim.personId;
      return { done: true, text: "Acknowledged." };
    },
    briefs: async (_db, which) =>
      [...subjects.entries()]
        .map(([id, { title, status, round }], index) => ({ id, number: index + 1, title, status, round }))
        .filter((each) => ("ids" in which ? which.ids.includes(each.id) : each.number === which.number)),
    unreachable: async (_tx, _by, page) => void unreachable.push(page),
  };
}

let shared: TestPlatform | undefined;
after(() => shared?.[Symbol.asyncDispose]());

/** One database for all tests of a file, emptied between them: making one takes longer than most tests. */
async function emptied(): Promise<TestPlatform> {
  shared ??= await testPlatform();
  const { db } = shared.platform;
  for (const table of ["due_jobs", "audit_entries", "users"] as const) await db.deleteFrom(table).execute();
  await db.updateTable("installation").set({ paging_paused_until: null }).execute();
  return shared;
}

/**
 * Deliveries that really go out, about subjects that are only pretended. The clock goes on from test to test.
 * @param options.smtp a mail server to send through
 */
export async function fixture(options: { smtp?: string } = {}): Promise<Fixture> {
  const t = await emptied();
  const { platform } = t;
  const mail = createMail({ url: options.smtp, from: "Keepwatch <keepwatch@example.com>" });
  platform.mail = mail;
  const { db, clock } = platform;
  // What a stopped queue leaves behind is nobody's business: each test has one of its own.
  const listener = createListener({ url: t.url, clock, log: silentLog });
  platform.due = createDue({ db, clock, listener, log: silentLog });
  await listener.start();
  const subjects = new Map<string, FakeSubject>();
  const unreachable: UnreachablePage[] = [];
  const acted: AnswerClaim[] = [];
  let numbers = 0;
  const answer = fakeAnswer({ subjects, unreachable, acted, describing: (id) => box.onDescribe(id) });
  const guard = createAddressGuard({ ownPorts: [], allowPrivate: true });
  const deps: PageDeps = { answer, guard, resolve: createResolver() };
  const run = <T>(work: Parameters<typeof inTransaction<T>>[1]) => inTransaction(platform.db, work);
  const box: Fixture = {
    t,
    deps,
    subjects,
    unreachable,
    acted,
    onDescribe: async () => {},
    subject(some = {}) {
      const id = newId(platform.clock);
      numbers += 1;
      const plain = { status: "triggered", round: 1, severity: "SEV2", urgency: "high" } as const;
      subjects.set(id, { ...plain, title: `Shop home is down ${numbers}`, acknowledgedBy: null, ...some });
      return id;
    },
    person: (name) => t.user({ name, email: `${name.toLowerCase()}@example.com`, timeZone: "Europe/Paris" }),
    method: (userId, address) =>
      run((tx) =>
        addContactMethod(
          tx,
          { ...by(platform, SYSTEM), managedBy: "config" },
          "email" in address
            ? { userId, channel: "email", address }
            : { userId, channel: "webhook", address: { secret: "s3cret", ...address } },
        ),
      ),
    async page(subjectId, personId, { plan, ...some }) {
      const page = {
        round: 1,
        level: 1,
        repeat: 0,
        urgency: "high" as const,
        reason: "first on call",
        ...some,
      };
      const [made] = await run((tx) =>
        createPages(tx, by(platform, SYSTEM), {
          subject: { type: "incident", id: subjectId },
          pages: [{ personId, ...page }],
          plan: () => plan,
        }),
      );
      assert.ok(made);
      return made.id;
    },
    async acknowledge(subjectId, actor) {
      const subject = subjects.get(subjectId);
      assert.ok(subject);
      Object.assign(subject, { status: "acknowledged", acknowledgedBy: actor.name });
      await run((tx) =>
        cancelRinging(tx, by(platform, actor), subjectId, {
          reason: `acknowledged by ${actor.name}`,
          how: "Keepwatch",
        }),
      );
    },
    async advance(ms) {
      await quiet();
      await until(() => platform.due.running() === 0, "what is due has run");
      t.clock.advance(ms);
    },
    deliveries: () =>
      platform.db
        .selectFrom("deliveries")
        .leftJoin("contact_methods", "contact_methods.id", "contact_method_id")
        .leftJoin("users", "users.id", "person_id")
        .select(["deliveries.id", "status", "reason", "due_at"])
        .orderBy("users.name")
        .orderBy("contact_methods.position")
        .orderBy("deliveries.created_at")
        .orderBy("deliveries.id")
        .execute(),
    async [Symbol.asyncDispose]() {
      const threw = await platform.db
        .selectFrom("due_jobs")
        .select("last_error")
        .where("last_error", "is not", null)
        .execute();
      await platform.due.stop(1_000);
      await listener.stop();
      mail.close();
      assert.deepEqual(threw, [], "no job may throw");
    },
  };
  ledger = async () => [
    await db.selectFrom("deliveries").selectAll().execute(),
    await db.selectFrom("delivery_attempts").selectAll().execute(),
    await db.selectFrom("due_jobs").selectAll().execute(),
  ];
  pageEngine(platform, deps);
  return box;
}

/** A message about one pretended subject, for what renders. */
export function messageAbout(some: Partial<Subject> = {}, type: "page" | "resolved" = "page"): PageMessage {
  const subject = describe(
    "0193588e-0000-7000-8000-00000000000a",
    {
      status: type === "resolved" ? "resolved" : "triggered",
      round: 1,
      title: "Shop home is down",
      severity: "SEV2",
      urgency: "high",
      acknowledgedBy: null,
    },
    12,
  );
  const link = (verb: string) => `http://keepwatch.test/a/${verb}`;
  return {
    type,
    deliveryId: "0193588e-0000-7000-8000-00000000000b",
    person: { email: "ada@example.com", name: "Ada", timeZone: "Europe/Paris" },
    sentAt: Temporal.Instant.from("2026-11-23T09:00:00Z"),
    url: "http://keepwatch.test",
    items: [
      {
        deliveryId: "0193588e-0000-7000-8000-00000000000b",
        page: { id: "0193588e-0000-7000-8000-00000000000c", reason: "You are on call for Shop." },
        subject: { ...subject, ...some },
        actions: { acknowledge: link("acknowledge"), resolve: link("resolve"), escalate: link("escalate") },
      },
    ],
  };
}
