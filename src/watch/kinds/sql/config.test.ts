import assert from "node:assert/strict";
import { test } from "node:test";
import { describeSql, sqlConfig, sqlForm, sqlSecrets } from "./config.ts";
import { resultFindings } from "./result.ts";

const BASICS = { host: "db.test", database: "shop", user: "keepwatch" };

/** The first complaint about a configuration, with where it stands. */
function complaint(more: object): string {
  const { error } = sqlConfig.safeParse({ ...BASICS, ...more });
  const [issue] = error?.issues ?? [];
  return issue ? `${issue.path.join(".")}: ${issue.message}` : "none";
}

test("what is wrong with a configuration is said by field, with the mend", () => {
  assert.equal(complaint({}), "none");
  assert.match(complaint({ host: "db.test:5432" }), /^host: .*belongs under port$/);
  assert.equal(complaint({ port: 0 }).split(":")[0], "port");
  assert.match(complaint({ user: "a\0database\0b" }), /^user: a user has no NUL/);
  assert.match(complaint({ tls: false }), /^tls: write tls as true/);
  assert.match(
    complaint({ expect: { rows: 1_000 } }),
    /^expect\.rows: no more than 1000 rows are read; count/,
  );
  assert.match(complaint({ expect: { rows: 1, min_rows: 1 } }), /^expect\.min_rows: give rows/);
  assert.match(complaint({ expect: { value: {} } }), /^expect\.value: say what to expect/);
  assert.match(complaint({ expect: { value: { matches: "(" } } }), /^expect\.value\.matches: .*regular/i);
  assert.match(complaint({ expect: { latency: "fast" } }), /^expect\.latency: write a duration/);
  assert.match(complaint({ sslmode: "require" }), /^: .*"sslmode"/);
});

test("what is stored is what was written, and the password is the one secret", () => {
  const written = { ...BASICS, password: "hunter2", tls: true, expect: { value: { below: 5 } } };
  const config = sqlConfig.parse(written);
  assert.deepEqual(config, written);
  assert.deepEqual(sqlSecrets(config), ["/password"]);
  assert.deepEqual(sqlSecrets(sqlConfig.parse(BASICS)), []);
});

test("a configuration reads as a sentence, without the password", () => {
  const say = (more: object) =>
    describeSql(sqlConfig.parse({ ...BASICS, ...more }), { label: "PostgreSQL", port: 5432 });
  assert.equal(say({}), "PostgreSQL database shop at db.test:5432 answers “select 1”.");
  assert.equal(
    say({
      host: "::1",
      port: 6432,
      password: "hunter2",
      tls: { verify: false },
      query: "select count(*) from jobs",
      expect: { min_rows: 1, value: { above: 1, below: 9 }, latency: "200ms" },
    }),
    "PostgreSQL database shop at [::1]:6432 answers “select count(*) from jobs” with 1 or more rows " +
      "with a value above 1, below 9 in under 200 ms, over TLS. Any certificate will do.",
  );
});

test("every field of the form is one the configuration knows", () => {
  for (const { name } of sqlForm(5432)) {
    const value = name.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), Symbol(name));
    const { error } = sqlConfig.partial().safeParse(value);
    assert.ok(
      error?.issues.every(({ code }) => code !== "unrecognized_keys"),
      name,
    );
  }
});

test("a value is compared as people mean it, however the server writes it", () => {
  const met = (first: string | null | undefined, value: object) =>
    resultFindings({ value }, { rows: first === undefined ? 0 : 1, first }, 1).every(({ ok }) => ok);
  assert.ok(met("5.00", { equals: 5 }));
  assert.ok(met("t", { equals: true }) && met("1", { equals: true }) && met("f", { equals: false }));
  assert.ok(met(null, { equals: null }));
  assert.ok(!met("", { equals: null }) && !met(null, { equals: 0 }) && !met("", { equals: 0 }));
  assert.ok(!met(undefined, { equals: null }), "no row is no NULL");
  assert.ok(!met("five", { above: 1 }) && !met(null, { below: 1 }) && !met("", { below: 1 }));
  assert.ok(met("v2.1", { contains: "2.", matches: "^v\\d" }));
  assert.ok(!met(`${"a".repeat(40)}!`, { matches: "^(a+)+$" }), "a pattern without end is no match");
});

test("a slow answer is degraded, a very slow one down", () => {
  const statuses = (totalMs: number) =>
    resultFindings({ latency: "100ms", latency_down: "1s" }, { rows: 1, first: "1" }, totalMs)
      .filter(({ ok }) => !ok)
      .map(({ status }) => status);
  assert.deepEqual([statuses(50), statuses(200), statuses(2_000)], [[], ["degraded"], ["down", "degraded"]]);
});
