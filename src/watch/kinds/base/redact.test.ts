import assert from "node:assert/strict";
import { test } from "node:test";
import { isSecretHeader, redactHeaders, redactText, redactUrl } from "./redact.ts";

for (const name of [
  "Set-Cookie",
  "cookie",
  "Authorization",
  "Proxy-Authorization",
  "X-Api-Key",
  "apikey",
  "X-Auth-Token",
  "x-csrf-token",
  "X-Amz-Security-Token",
  "Ocp-Apim-Subscription-Key",
])
  test(`the header ${name} is secret`, () => assert.equal(isSecretHeader(name), true));

for (const name of [
  "content-type",
  "x-request-id",
  "etag",
  "server",
  "x-author",
  "keep-alive",
  "x-cache-key-version",
])
  test(`the header ${name} is evidence`, () => assert.equal(isSecretHeader(name), false));

test("headers keep their names and lose only secret values", () => {
  assert.deepEqual(
    redactHeaders({ "set-cookie": "sid=1", server: "nginx", location: "/x?a=Bearer abcdefgh1" }),
    {
      "set-cookie": "[redacted]",
      server: "nginx",
      location: "/x?a=Bearer [redacted]",
    },
  );
});

test("a URL loses user, password and telling parameters", () => {
  assert.equal(
    redactUrl("https://ada:pw@shop.test/a?page=2&access_token=abc&code=9"),
    "https://redacted:redacted@shop.test/a?page=2&access_token=redacted&code=redacted",
  );
  assert.equal(redactUrl("/relative"), "/relative");
});

test("tokens in a body are hidden, also when the cut goes through one", () => {
  assert.equal(
    redactText('{"ok":true,"access_token":"abc\\"def","n":1,"refreshToken" : "xyz'),
    '{"ok":true,"access_token":"[redacted]","n":1,"refreshToken" : "[redacted]"',
  );
  assert.equal(redactText("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln end"), "jwt [redacted] end");
});

test("the monitor's own secrets are hidden where a page echoes them", () => {
  assert.equal(redactText("you sent hunter2 and abc", ["hunter2", "abc"]), "you sent [redacted] and abc");
});

test("what no database can store is replaced", () => {
  assert.equal(redactText("a\0b\ud83d"), "a\uFFFDb\uFFFD");
});
