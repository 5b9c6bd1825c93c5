import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { slug } from "../platform/http/schema.ts";
import { Refusal } from "../platform/refusal.ts";
import { guessMonitor as guessAny, guessFor, slugOf } from "./guess.ts";
import type { FormField } from "./kinds/kind.ts";

const field = (name: string, type: "text" | "url" | "secret" | "number" | "boolean"): FormField => ({
  ...{ name, label: name, group: "" },
  type,
});
const text = (name: string) => field(name, "text");
const port = (usual: number): FormField => ({
  ...{ name: "port", label: "Port", group: "" },
  type: "number",
  default: usual,
});
const kind = (id: string, ...form: FormField[]) => ({ id, form });
const hostAnd = (id: string, ...form: FormField[]) => kind(id, text("host"), ...form);
const database = (id: string, usual: number) =>
  hostAnd(id, port(usual), text("database"), text("user"), field("password", "secret"));

/** Kinds with the fields that kinds of that name have. */
const KINDS = [
  kind("http", field("url", "url")),
  kind("websocket", field("url", "url")),
  kind("domain", { ...text("domain"), required: true }),
  kind("heartbeat"),
  hostAnd("tcp", field("port", "number")),
  hostAnd("smtp", port(25)),
  hostAnd("ping"),
  hostAnd("grpc", port(443), field("tls", "boolean")),
  database("postgres", 5432),
  database("mysql", 3306),
  hostAnd("redis", port(6379), field("database", "number"), field("tls", "boolean")),
];
const find = (id: string) => KINDS.find((each) => each.id === id);
const kindNamed = (id: string) => find(id) ?? kind(id);
const guessMonitor = (pasted: string) => guessAny(pasted, (id) => (id === "http" ? find(id) : undefined));

test("whatever is pasted as a web address becomes one to watch, secure unless it is at home", () => {
  for (const [text, url, name] of [
    ["https://shop.example.com/health?x=1", "https://shop.example.com/health?x=1", "shop.example.com/health"],
    ["  www.example.com ", "https://www.example.com/", "example.com"],
    ["example.com:8443/a", "https://example.com:8443/a", "example.com:8443/a"],
    ["localhost:3000", "http://localhost:3000/", "localhost:3000"],
    ["127.0.0.1:8080/x", "http://127.0.0.1:8080/x", "127.0.0.1:8080/x"],
    ["192.168.1.7", "http://192.168.1.7/", "192.168.1.7"],
    ["nas/status", "http://nas/status", "nas/status"],
    ["http://bücher.example/", "http://xn--bcher-kva.example/", "xn--bcher-kva.example"],
  ] as const) {
    const guessed = guessMonitor(text);
    assert.deepEqual([guessed.config.url, guessed.name], [url, name], text);
    assert.ok(slug.safeParse(guessed.slug).success, guessed.slug);
  }
});

test("what is no web address is refused, at the field and in words", () => {
  for (const text of [
    "ftp://example.com",
    "mailto:ada@example.com",
    "https://ada:secret@example.com",
    "https://",
    "a b c",
    "javascript:alert(1)",
  ])
    assert.throws(
      () => guessMonitor(text),
      (error) => error instanceof Refusal && error.problems[0]?.pointer === "/text",
      text,
    );
});

test("the kind is guessed from the scheme, the port or a bare address", () => {
  for (const [pasted, id, config, name] of [
    [
      "postgres://ada@db.example.com/shop",
      "postgres",
      { host: "db.example.com", user: "ada", database: "shop" },
    ],
    [
      "postgresql://ada:s%40fe@db.example.com:6432/shop",
      "postgres",
      { host: "db.example.com", port: 6432, user: "ada", password: "s@fe", database: "shop" },
      "db.example.com:6432/shop",
    ],
    ["rediss://cache.example.com/2", "redis", { host: "cache.example.com", database: 2, tls: true }],
    ["mysql://[::1]/shop", "mysql", { host: "::1", database: "shop" }],
    [
      "wss://chat.example.com/live",
      "websocket",
      { url: "wss://chat.example.com/live" },
      "chat.example.com/live",
    ],
    ["grpcs://api.example.com:8443", "grpc", { host: "api.example.com", port: 8443, tls: true }],
    ["smtps://mail.example.com", "smtp", { host: "mail.example.com", port: 465 }],
    ["mail.example.com:25", "smtp", { host: "mail.example.com" }],
    ["mail.example.com:587", "smtp", { host: "mail.example.com", port: 587 }, "mail.example.com:587"],
    ["db.example.com:5432", "postgres", { host: "db.example.com" }, "db.example.com:5432"],
    ["[::1]:2222", "tcp", { host: "::1", port: 2222 }, "[::1]:2222"],
    ["bastion:22", "tcp", { host: "bastion", port: 22 }, "bastion:22"],
    ["192.0.2.7", "ping", { host: "192.0.2.7" }, "192.0.2.7"],
    ["2001:db8::7", "ping", { host: "2001:db8::7" }, "2001:db8::7"],
    ["localhost:3000", "http", { url: "http://localhost:3000/" }],
    ["shop.example.com:8443", "http", { url: "https://shop.example.com:8443/" }],
    ["shop.example.com:22/x", "http", { url: "https://shop.example.com:22/x" }],
  ] as const) {
    const guessed = guessAny(pasted, find);
    assert.deepEqual([guessed.kind, guessed.config], [id, config], pasted);
    if (name) assert.equal(guessed.name, name);
  }
});

test("a chosen kind takes of an address what it has fields for", () => {
  for (const [pasted, id, config] of [
    ["https://shop.example.com/health", "ping", { host: "shop.example.com" }],
    ["https://shop.example.com/health", "domain", { domain: "shop.example.com" }],
    ["shop.example.com:80", "tcp", { host: "shop.example.com", port: 80 }],
    ["chat.example.com", "websocket", { url: "wss://chat.example.com" }],
    ["whatever", "heartbeat", {}],
  ] as const)
    assert.deepEqual(guessFor(kindNamed(id), pasted).config, config, `${pasted} as ${id}`);
  assert.throws(() => guessFor(kindNamed("ping"), "a b"), Refusal);
});

test("any text makes a slug that is accepted", () => {
  assert.equal(slugOf("Zürich – Café №1"), "zurich-cafe-no1");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => slug.safeParse(slugOf(text)).success),
    { seed: 7, numRuns: 200 },
  );
});
