import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { parse } from "yaml";
import { KEY, VALID } from "../../fixtures/certificates.ts";
import { kindById, monitorKinds } from "../index.ts";
import { http } from "./http.ts";

const problems = (config: unknown): string[] => {
  const result = http.schema.safeParse(config);
  return result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
};

const OTHER_KEY = generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" });
const OAUTH2 = { token_url: "https://login.test/token", client_id: "keepwatch", client_secret: "s3cret" };
const url = "https://shop.test/";

test("a URL is all that a web monitor needs, and what is stored is what was written", () => {
  assert.deepEqual(http.schema.parse({ url }), { url });
});

test("everything a web monitor can say is accepted", () => {
  const config = {
    url,
    method: "POST",
    headers: { "X-Plain": "1" },
    body: "{}",
    auth: { basic: { user: "ada", password: "pw" } },
    redirects: 0,
    ip: "any",
    tls: {
      verify: false,
      expires_within: "14d",
      server_name: "a.test",
      certificate: VALID,
      key: KEY,
      ca: VALID,
    },
    expect: {
      status: [200, "300-399", "4xx"],
      body_contains: ["a", "b"],
      body_excludes: "c",
      body_matches: "^d",
      body_not_matches: ["e$", "f"],
      headers: [{ name: "Content-Type", contains: "json" }],
      redirects_to: "/login",
      size: { min: 1, max: 10 },
      json_schema: { type: "object", properties: { at: { type: "string", format: "date-time" } } },
      json: [
        { path: "$.a", exists: true },
        { path: "$.b[0]", equals: null },
      ],
      latency: "800ms",
      latency_down: "1m30s",
    },
  };
  assert.deepEqual(http.schema.parse(config), config);
});

for (const [what, config, expected] of [
  ["no URL", {}, /^url: /],
  ["a bare host", { url: "shop.test" }, /^url: "shop.test" is not a URL; write it in full/],
  ["another scheme", { url: "ftp://shop.test/" }, /^url: .*http:\/\/ or https:\/\//],
  [
    "credentials in the URL",
    { url: "https://a:b@shop.test/" },
    /^url: put the user and password under auth.basic/,
  ],
  ["an unknown key", { url, expects: {} }, /expects/],
  ["an unknown method", { url, method: "CONNECT" }, /^method: /],
  [
    "a line break in a header",
    { url, headers: { a: "b\r\nc: d" } },
    /^headers.a: a header's value is one line/,
  ],
  ["a header that is no token", { url, headers: { "a b": "c" } }, /^headers.a b: /],
  [
    "two ways to sign in",
    { url, auth: { basic: { user: "a", password: "b" }, bearer: "c" } },
    /^auth: write auth as/,
  ],
  ["auth beside its header", { url, auth: { bearer: "c" }, headers: { authorization: "x" } }, /not both/],
  ["a status out of range", { url, expect: { status: 99 } }, /^expect.status/],
  ["a range that runs backwards", { url, expect: { status: "299-200" } }, /^expect.status/],
  ["a duration without a unit", { url, expect: { latency: "800" } }, /^expect.latency: write a duration/],
  ["a latency of zero", { url, expect: { latency: "0s" } }, /^expect.latency: write a duration/],
  [
    "a path that is none",
    { url, expect: { json: [{ path: "a.b", exists: true }] } },
    /^expect.json.0.path: write a path/,
  ],
  [
    "a path without an expectation",
    { url, expect: { json: [{ path: "$.a" }] } },
    /^expect.json.0: say what to expect/,
  ],
  [
    "a broken pattern",
    { url, expect: { json: [{ path: "$.a", matches: "(" }] } },
    /^expect.json.0.matches: /,
  ],
  ["a broken pattern for the body", { url, expect: { body_matches: "(" } }, /^expect.body_matches/],
  [
    "headers as a map",
    { url, expect: { headers: { "content-type": "json" } } },
    /^expect.headers: write a list of headers: \[\{ name/,
  ],
  [
    "a header without an expectation",
    { url, expect: { headers: [{ name: "a" }] } },
    /^expect.headers.0: say what to expect of it/,
  ],
  ["a place that is none", { url, expect: { redirects_to: "login" } }, /^expect.redirects_to: write where/],
  ["an impossible size", { url, expect: { size: { min: 2, max: 1 } } }, /^expect.size.min: min is above max/],
  [
    "a size never read",
    { url, expect: { size: { max: 2 ** 21 } } },
    /^expect.size.max: bodies are read up to/,
  ],
  [
    "IPv6 to an IPv4 address",
    { url: "http://192.0.2.1/", ip: 6 },
    /^ip: 192.0.2.1 is an IPv4 address; write/,
  ],
  ["an IP nobody has", { url, ip: 5 }, /^ip: write 4, 6 or any/],
  ["a certificate without its key", { url, tls: { certificate: VALID } }, /^tls.key: give the certificate's/],
  ["a key without its certificate", { url, tls: { key: KEY } }, /^tls.certificate: give the key's/],
  ["a certificate that is none", { url, tls: { ca: "-----BEGIN" } }, /^tls.ca: paste the certificate as PEM/],
  [
    "a locked key",
    { url, tls: { certificate: VALID, key: "-----BEGIN ENCRYPTED PRIVATE KEY-----" } },
    /^tls.key: the key is locked with a passphrase; give it without one/,
  ],
  [
    "another certificate's key",
    { url, tls: { certificate: VALID, key: OTHER_KEY } },
    /^tls.key: this key belongs to another/,
  ],
  ["no way to sign in", { url, auth: {} }, /^auth: write auth as/],
  [
    "a token URL that is none",
    { url, auth: { oauth2: { ...OAUTH2, token_url: "login" } } },
    /^auth.oauth2.token_url: "login" is not a URL/,
  ],
  [
    "a client in the token URL",
    { url, auth: { oauth2: { ...OAUTH2, token_url: "https://a:b@x.test/" } } },
    /^auth.oauth2.token_url: put the user and password under client_id and client_secret/,
  ],
  [
    "no client secret",
    { url, auth: { oauth2: { token_url: url, client_id: "a" } } },
    /^auth.oauth2.client_secret: /,
  ],
  ["a proxy as text", { url, proxy: "http://p:1" }, /^proxy: write proxy as \{ url: http/],
  [
    "a proxy of another kind",
    { url, proxy: { url: "https://p.test" } },
    /^proxy.url: write the proxy as http:/,
  ],
  [
    "credentials in the proxy's URL",
    { url, proxy: { url: "http://a:b@p.test" } },
    /^proxy.url: put user and password beside the url/,
  ],
  [
    "a nameless password",
    { url, proxy: { url: "http://p.test", password: "b" } },
    /^proxy.user: give the password's/,
  ],
  ["ip beside a proxy", { url, ip: 4, proxy: { url: "http://p.test" } }, /^ip: the proxy chooses/],
  ["an HTTP nobody speaks here", { url, http_version: 3 }, /^http_version: write 1.1, 2 or any/],
  [
    "HTTP/2 in clear to a proxy",
    { url: "http://shop.test/", http_version: 2, proxy: { url: "http://p.test" } },
    /^http_version: an http proxy passes http:\/\/ on by HTTP\/1.1/,
  ],
  ["redirects: true", { url, redirects: true }, /^redirects: write how many/],
  [
    "a body expected of HEAD",
    { url, method: "HEAD", expect: { body_contains: "x" } },
    /^method: the answer to HEAD/,
  ],
] as const)
  test(`${what} is refused, at its place and with the mend`, () => {
    assert.match(problems(config).join("\n"), expected);
  });

test("passwords, tokens and telling headers are secret, by JSON pointer", () => {
  const secrets = (config: object) => http.secrets(http.schema.parse({ url, ...config }));
  assert.deepEqual(secrets({}), []);
  assert.deepEqual(secrets({ auth: { bearer: "t" } }), ["/auth/bearer"]);
  assert.deepEqual(secrets({ auth: { oauth2: OAUTH2 } }), ["/auth/oauth2/client_secret"]);
  assert.deepEqual(secrets({ proxy: { url: "http://p.test", user: "a", password: "b" } }), [
    "/proxy/password",
  ]);
  assert.deepEqual(secrets({ tls: { certificate: VALID, key: KEY } }), ["/tls/key"]);
  assert.deepEqual(
    secrets({
      auth: { basic: { user: "a", password: "b" } },
      headers: { Accept: "x", "A~-Token": "k", Cookie: "c" },
    }),
    ["/headers/A~0-Token", "/headers/Cookie", "/auth/basic/password"],
  );
});

for (const [config, sentence] of [
  [{ url }, "GET https://shop.test/ answers 200–299."],
  [
    { url, expect: { status: "200, 404", body_contains: "Add to basket", latency: "800ms" } },
    "GET https://shop.test/ answers 200, 404 with “Add to basket” in under 800 ms.",
  ],
  [
    {
      url: "https://shop.test/?token=abc",
      method: "POST",
      tls: { verify: false, expires_within: "7d" },
      expect: { body_excludes: ["a", "b"], json: [{ path: "$.s", equals: 1 }], latency_down: "5s" },
    },
    "POST https://shop.test/?token=redacted answers 200–299 without “a”, “b” with $.s as expected in under 5 s. Any certificate will do. The certificate is good for 7 d or more.",
  ],
] as const)
  test(`described as: ${sentence}`, () => assert.equal(http.describe(http.schema.parse(config)), sentence));

test("checks of one host are known to burden the same host", () => {
  const host = (each: string) => http.host({ url: each });
  assert.equal(host("https://SHOP.test:8443/a"), host("http://shop.test/b"));
  assert.equal(host("http://[::1]/"), "::1");
});

for (const kind of monitorKinds) {
  test(`the example of ${kind.id} is a valid monitor, and its manual shows it`, () => {
    const [{ slug, service, kind: id, every, timeout, ...config }] = parse(kind.example).monitors;
    // What is not looked at has neither an interval nor a timeout.
    const rhythm = kind.probed === false ? "undefined" : "string";
    assert.deepEqual(
      [typeof slug, typeof service, id, typeof every, typeof timeout],
      ["string", "string", kind.id, rhythm, rhythm],
    );
    kind.schema.parse(config);
    assert.ok(kind.docs.includes(kind.example));
    assert.equal(kindById(kind.id), kind);
  });

  test(`the form of ${kind.id} names each field once and says what it needs`, () => {
    const names = kind.form.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(kind.probed === false || kind.form.some(({ required }) => required));
    JSON.stringify(kind.form);
  });
}

test("every field of the form is a field of the configuration", () => {
  const sample = {
    "expect.json_schema": "type: object",
    "expect.headers": [{ name: "a", exists: true }],
    "expect.redirects_to": "/a",
    "tls.server_name": "a.test",
    "tls.ca": VALID,
    "proxy.url": "socks5://p.test:1080",
    "expect.json": [{ path: "$", exists: true }],
    headers: { a: "b" },
    "auth.basic.password": "p",
  };
  for (const field of http.form) {
    if (/^auth\.|^tls\.(certificate|key)$|^proxy\.(user|password)$/.test(field.name)) continue;
    const value = Reflect.get(sample, field.name) ?? valueFor(field);
    const config: Record<string, unknown> = { url };
    const keys = field.name.split(".");
    const last = keys.pop() ?? "";
    let at = config;
    for (const key of keys) {
      const inner = {};
      at[key] = inner;
      at = inner;
    }
    at[last] = value;
    assert.deepEqual(problems(config), [], field.name);
  }
});

function valueFor(field: (typeof http.form)[number]): unknown {
  if (field.type === "boolean") return true;
  if (field.type === "number") return 1;
  if (field.type === "duration") return "1s";
  return "default" in field ? (field.default ?? url) : url;
}

test("a kind nobody made is not found", () => assert.equal(kindById("gopher"), undefined));
