import assert from "node:assert/strict";
import { test } from "node:test";
import { readEnvironment } from "./environment.ts";
import { StartError } from "./start-error.ts";

const at = { asRoot: false, cwd: "/srv/keepwatch" };

test("with nothing set, Keepwatch listens on this machine alone, port 7243, and keeps its data beside itself", () => {
  const environment = readEnvironment({}, at);
  assert.equal(environment.url, "http://127.0.0.1:7243");
  assert.equal(environment.dataDir, "/srv/keepwatch/data");
  assert.equal(environment.databaseUrl, undefined);
});

test("as root the data is kept in /var/lib/keepwatch", () => {
  assert.equal(readEnvironment({}, { ...at, asRoot: true }).dataDir, "/var/lib/keepwatch");
});

test("an address given with a trailing slash is kept without it", () => {
  assert.equal(
    readEnvironment({ KEEPWATCH_URL: "https://on.call.example/" }, at).url,
    "https://on.call.example",
  );
});

test("listening on every address is reached as localhost", () => {
  assert.equal(
    readEnvironment({ KEEPWATCH_HOST: "0.0.0.0", KEEPWATCH_PORT: "80" }, at).url,
    "http://localhost:80",
  );
});

for (const [name, value] of [
  ["KEEPWATCH_PORT", "seven"],
  ["KEEPWATCH_URL", "on.call.example"],
  ["DATABASE_URL", "mysql://x/y"],
  ["KEEPWATCH_SMTP_URL", "mail.example.com"],
  ["KEEPWATCH_SECRET", "short"],
  ["KEEPWATCH_LOG", "loud"],
] as const) {
  test(`${name}=${value} stops the start and names the variable`, () => {
    assert.throws(
      () => readEnvironment({ [name]: value }, at),
      (error) => error instanceof StartError && error.message.includes(name) && error.mend.length > 0,
    );
  });
}
