import assert from "node:assert/strict";
import { test } from "node:test";
import { hashPassword, verifyPassword } from "./passwords.ts";

test("a password is known by its hash, and another is not", async () => {
  const hash = await hashPassword("correct horse");
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$=]{22}\$[^$=]{43}$/);
  assert.equal(await verifyPassword({ hash, password: "correct horse" }), true);
  assert.equal(await verifyPassword({ hash, password: "Correct horse" }), false);
});

test("the same letters typed on another keyboard are the same password", async () => {
  const hash = await hashPassword("gr\u00fc\u00dfe aus K\u00f6ln");
  assert.equal(await verifyPassword({ hash, password: "gru\u0308\u00dfe aus Ko\u0308ln" }), true);
});

test("a hash made with other costs is still understood", async () => {
  const hash = await hashPassword("password", { memory: 64, passes: 1, parallelism: 1 });
  assert.match(hash, /^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
  assert.equal(await verifyPassword({ hash, password: "password" }), true);
  assert.equal(await verifyPassword({ hash, password: "passwords" }), false);
});

test("what is not such a hash fits no password", async () => {
  for (const hash of ["", "plain", "$2b$10$abc", "$argon2id$v=19$m=1,t=1,p=1$$"])
    assert.equal(await verifyPassword({ hash, password: "" }), false);
});
