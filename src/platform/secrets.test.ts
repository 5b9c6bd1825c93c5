import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createSecrets, hashToken } from "./secrets.ts";

const secrets = createSecrets("correct horse");

test("what is sealed opens to what it was, and looks different each time", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (plain) => {
      const sealed = secrets.seal(plain);
      assert.equal(createSecrets("correct horse").open(sealed), plain);
      assert.notEqual(secrets.seal(plain), sealed);
      if (plain.length > 8) assert.ok(!sealed.includes(plain));
    }),
    { seed: 7, numRuns: 100 },
  );
});

test("another secret, or one altered letter, opens nothing", () => {
  const sealed = secrets.seal("opensesame");
  assert.throws(() => createSecrets("wrong horse").open(sealed));
  for (let place = 3; place < sealed.length - 1; place += 5) {
    const other = sealed[place] === "A" ? "B" : "A";
    assert.throws(
      () => secrets.open(sealed.slice(0, place) + other + sealed.slice(place + 1)),
      `place ${place}`,
    );
  }
});

test("a signature holds for its text, its purpose and its secret alone", () => {
  const signature = secrets.sign("link", "incident 7");
  assert.equal(secrets.verify("link", "incident 7", signature), true);
  assert.equal(secrets.verify("link", "incident 8", signature), false);
  assert.equal(secrets.verify("session", "incident 7", signature), false);
  assert.equal(createSecrets("wrong horse").verify("link", "incident 7", signature), false);
  for (const forged of ["", "x", signature.slice(1), `${signature}x`])
    assert.equal(secrets.verify("link", "incident 7", forged), false, forged);
});

test("processes with the same secret have the same check value, others don't; a token is kept as its hash", () => {
  assert.equal(createSecrets("correct horse").check, secrets.check);
  assert.notEqual(createSecrets("wrong horse").check, secrets.check);
  assert.equal(hashToken("kw_1"), hashToken("kw_1"));
  assert.notEqual(hashToken("kw_1"), hashToken("kw_2"));
  assert.ok(!hashToken("kw_1").includes("kw_1"));
});
