import assert from "node:assert/strict";
import { test } from "node:test";
import { createServer } from "../platform/http/server.ts";
import { newId } from "../platform/ids.ts";
import { silentLog } from "../platform/log.ts";
import { createSecrets } from "../platform/secrets.ts";
import type { LinkClaim, Verb } from "./answer.ts";
import { pageLinkRoutes } from "./link-routes.ts";
import { answerToken, answerUrl, readAnswerToken } from "./links.ts";
import { fixture } from "./testing.ts";

const secrets = createSecrets("one");
const claim: LinkClaim = {
  subjectId: "0193588e-0000-7000-8000-00000000000a",
  personId: "0193588e-0000-7000-8000-00000000000b",
  round: 3,
  verb: "escalate",
  via: "email",
};

test("a link says again exactly what it was made for", () => {
  const token = answerToken({ secrets }, claim);
  assert.deepEqual(readAnswerToken({ secrets }, token), claim);
  assert.match(token, /^[\w-]+\.[\w-]+$/);
  assert.ok(token.length < 120);
  assert.equal(answerUrl({ secrets, url: "https://kw.example" }, claim), `https://kw.example/a/${token}`);
});

test("no part of a link can be changed", () => {
  const token = answerToken({ secrets }, claim);
  const [packed = "", signature = ""] = token.split(".");
  for (let at = 0; at < packed.length; at++) {
    const forged = packed.slice(0, at) + (packed[at] === "A" ? "B" : "A") + packed.slice(at + 1);
    assert.equal(readAnswerToken({ secrets }, `${forged}.${signature}`), null);
  }
  const other: LinkClaim = { ...claim, verb: "resolve" };
  const [otherPacked] = answerToken({ secrets }, other).split(".");
  for (const wrong of [`${otherPacked}.${signature}`, packed, `${packed}.`, `${token}.x`, "", "."])
    assert.equal(readAnswerToken({ secrets }, wrong), null);
});

test("a link of another installation is not ours, nor a signature made for another use", () => {
  assert.equal(readAnswerToken({ secrets }, answerToken({ secrets: createSecrets("two") }, claim)), null);
  const [packed = ""] = answerToken({ secrets }, claim).split(".");
  assert.equal(readAnswerToken({ secrets }, `${packed}.${secrets.sign("something else", packed)}`), null);
});

async function served() {
  const f = await fixture();
  const { platform } = f.t;
  const app = await createServer({ log: silentLog, version: "0", url: platform.url });
  pageLinkRoutes(app, platform, f.deps.answer);
  await app.ready();
  const ada = await f.person("Ada");
  return {
    f,
    ada,
    path(subjectId: string, some: { verb?: Verb; round?: number; personId?: string } = {}) {
      const whole = {
        subjectId,
        personId: ada.id,
        round: 1,
        verb: "acknowledge" as const,
        via: "email",
        ...some,
      };
      return answerUrl(platform, whole).slice(platform.url.length);
    },
    browse: (method: "GET" | "POST" | "HEAD", url: string) =>
      app.inject({
        method,
        url,
        headers: {
          accept: "text/html,application/xhtml+xml,*/*;q=0.8",
          ...(method === "POST" ? { "content-type": "application/x-www-form-urlencoded" } : {}),
        },
      }),
    post: (url: string, headers: Record<string, string> = {}) => app.inject({ method: "POST", url, headers }),
    app,
    async [Symbol.asyncDispose]() {
      await app.close();
      await f[Symbol.asyncDispose]();
    },
  };
}

test("GET and HEAD show one button and change nothing, however often they are followed", async () => {
  await using s = await served();
  const subject = s.f.subject({ title: "Shop <b>home</b> is down" });
  const url = s.path(subject);
  for (const method of ["GET", "HEAD", "GET"] as const) {
    const { statusCode, headers } = await s.browse(method, url);
    assert.equal(statusCode, 200);
    assert.match(String(headers["content-security-policy"]), /default-src 'none'/);
    assert.equal(headers["cache-control"], "no-store");
    assert.equal(headers["referrer-policy"], "no-referrer");
  }
  const { body } = await s.browse("GET", url);
  assert.match(body, /<form method="post"><button type="submit">Acknowledge<\/button><\/form>/);
  assert.match(body, /Shop &lt;b&gt;home&lt;\/b&gt; is down/);
  assert.match(body, /Failing since Mon 23 Nov, 09:59:20 Europe\/Paris \(08:59:20 UTC\)/);
  assert.doesNotMatch(body, /<script|<img|<b>home/);
  assert.equal(s.f.acted.length, 0);
  assert.equal(s.f.subjects.get(subject)?.status, "triggered");
});

test("the style that the page carries is the one its policy allows", async () => {
  await using s = await served();
  const { body, headers } = await s.browse("GET", s.path(s.f.subject()));
  const style = /<style>([\s\S]*)<\/style>/.exec(body)?.[1] ?? "";
  const digest = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(style))).toString("base64");
  assert.ok(String(headers["content-security-policy"]).includes(`'sha256-${digest}'`));
});

test("pressing the button acknowledges in the person's name, and says so", async () => {
  await using s = await served();
  const subject = s.f.subject();
  const { statusCode, body } = await s.browse("POST", s.path(subject));
  assert.equal(statusCode, 200);
  assert.match(body, /<h1>Acknowledged\.<\/h1>/);
  assert.deepEqual(s.f.acted, [
    { subjectId: subject, personId: s.ada.id, round: 1, via: "email link", action: { verb: "acknowledge" } },
  ]);
});

test("an empty POST from a program is answered in JSON, whatever it calls its body", async () => {
  await using s = await served();
  for (const headers of [{}, { "content-type": "application/json" }, { accept: "application/json" }]) {
    const subject = s.f.subject();
    const answer = await s.post(s.path(subject), headers as Record<string, string>);
    assert.equal(answer.statusCode, 200);
    const { done, text, status } = answer.json();
    assert.deepEqual({ done, text, status }, { done: true, text: "Acknowledged.", status: "acknowledged" });
  }
});

test("a late answer is told the truth", async () => {
  await using s = await served();
  const subject = s.f.subject({ status: "acknowledged", acknowledgedBy: "Bo" });
  const page = await s.browse("GET", s.path(subject));
  assert.equal(page.statusCode, 200);
  assert.match(page.body, /Acknowledged by Bo/);
  assert.doesNotMatch(page.body, /<button/);
  const pressed = await s.browse("POST", s.path(subject));
  assert.match(pressed.body, /Already acknowledged by Bo\./);
  assert.equal((await s.post(s.path(subject))).json().done, false);
});

test("a link of an earlier round does nothing and says so", async () => {
  await using s = await served();
  const subject = s.f.subject({ round: 2 });
  const answer = await s.post(s.path(subject, { verb: "escalate" }));
  assert.deepEqual(
    [answer.json().done, answer.json().text],
    [false, "This link belongs to an earlier page."],
  );
  assert.equal(s.f.subjects.get(subject)?.status, "triggered");
});

test("links are dead once it is resolved: they say so to people, and 410 to programs", async () => {
  await using s = await served();
  const subject = s.f.subject({ status: "resolved" });
  const page = await s.browse("GET", s.path(subject));
  assert.equal(page.statusCode, 410);
  assert.match(page.body, /It is resolved/);
  assert.doesNotMatch(page.body, /<button/);
  const answer = await s.post(s.path(subject));
  assert.equal(answer.statusCode, 410);
  assert.match(String(answer.headers["content-type"]), /^application\/problem\+json/);
  assert.equal(answer.json().detail, "Already resolved.");
  assert.equal((await s.browse("POST", s.path(subject))).statusCode, 410);
});

test("forged, unknown and left people's links are refused, in the asker's own form", async () => {
  await using s = await served();
  const url = s.path(s.f.subject());
  const forged = `${url.slice(0, -2)}xx`;
  const page = await s.browse("GET", forged);
  assert.equal(page.statusCode, 404);
  assert.match(page.body, /not a link that Keepwatch made/);
  assert.equal((await s.post(forged)).statusCode, 404);
  assert.equal((await s.post(s.path(newId(s.f.t.clock)))).statusCode >= 400, true);
  await s.f.t.platform.db.updateTable("users").set({ deactivated_at: s.f.t.clock.now() }).execute();
  assert.equal((await s.post(url)).statusCode, 410);
  assert.equal(s.f.acted.length, 0);
});

test("what was done is never reported as failed, even if it can't be shown", async () => {
  await using s = await served();
  const subject = s.f.subject();
  s.f.onDescribe = () => Promise.reject(new Error("the database is on fire"));
  const answer = await s.post(s.path(subject));
  assert.deepEqual([answer.statusCode, answer.json().done], [200, true]);
});
