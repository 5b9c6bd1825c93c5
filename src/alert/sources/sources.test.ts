import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sources } from "./index.ts";
import type { AnySource, Example, SourceRequest } from "./source.ts";

const NOW = Temporal.Instant.from("2026-11-23T09:00:00Z");

function requestOf(example: Partial<Example> & { body: unknown }): SourceRequest {
  const isText = typeof example.body === "string";
  const text = isText ? String(example.body) : JSON.stringify(example.body);
  const contentType = example.contentType ?? (isText ? "text/plain" : "application/json");
  const isForm = contentType.startsWith("application/x-www-form-urlencoded");
  const looksJson = !isText || /^\s*[[{]/.test(text);
  return {
    ...{
      id: "0193588e-0000-7000-8000-00000000000a",
      method: example.method ?? "POST",
      path: example.path ?? "",
    },
    ...{
      params: {},
      headers: { "content-type": contentType, ...example.headers },
      query: example.query ?? {},
    },
    ...{ contentType, bytes: Buffer.from(text), text },
    json: looksJson && !isForm ? parsed(text) : undefined,
    form: isForm ? Object.fromEntries(new URLSearchParams(text)) : undefined,
  };
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const settingsOf = (source: AnySource, given: Readonly<Record<string, unknown>> = {}) => {
  const settings = source.parse(given);
  assert.ok(settings.success, `${source.kind}: every setting has a default`);
  return settings.data;
};

for (const source of sources)
  for (const example of source.examples)
    test(`${source.kind}: ${example.name}`, () => {
      const reading = source.read(requestOf(example), settingsOf(source, example.settings), NOW);
      assert.ok(!("notUnderstood" in reading) && !("refused" in reading), JSON.stringify(reading));
      const { events = [], changes = [] } = reading;
      assert.equal(events.length, example.expect.length);
      for (const [index, wanted] of example.expect.entries())
        assert.partialDeepStrictEqual(events[index], wanted);
      assert.equal(changes.length, example.changes ?? 0);
    });

test("every kind has a name of its own, a way to set it up, and examples", () => {
  const kinds = sources.map(({ kind }) => kind);
  assert.deepEqual(kinds, [...new Set(kinds)]);
  const at = { home: "https://keepwatch.test", url: "https://keepwatch.test/in/k3y", key: "k3y" };
  for (const { kind, setup, docs, examples } of sources) {
    assert.match(setup(at), /keepwatch\.test/, kind);
    assert.ok(docs !== "" && examples.length > 0, kind);
  }
});

test("whatever comes, a kind reads it or says why not, and never stumbles", () => {
  const wild = fc.oneof(
    fc.json(),
    fc.string({ unit: "binary" }),
    fc.constantFrom("", "null", "[]", "[null]", "{}"),
  );
  for (const source of sources) {
    const settings = settingsOf(source);
    const paths = ["", ...(source.doors ?? []).map(({ url }) => url)];
    const never = (body: string, path: string) => {
      source.read(requestOf({ body, path }), settings, NOW);
    };
    fc.assert(fc.property(wild, fc.constantFrom(...paths), never), { seed: 7, numRuns: 50 });
    for (const example of source.examples)
      fc.assert(mangled(source, example, settings), { seed: 7, numRuns: 25 });
  }
});

/** The example with one of its values, anywhere in it, replaced by something of another type. */
const mangled = (source: AnySource, example: Example, settings: Record<string, unknown>) =>
  fc.property(fc.nat(), fc.jsonValue({ maxDepth: 2 }), (place, value) => {
    const body = structuredClone(example.body);
    const places: (() => void)[] = [];
    const walk = (each: unknown): void => {
      if (typeof each !== "object" || each === null) return;
      for (const [name, inner] of Object.entries(each)) {
        places.push(() => Reflect.set(each, name, value));
        walk(inner);
      }
    };
    walk(body);
    places[place % Math.max(1, places.length)]?.();
    source.read(requestOf({ ...example, body }), settings, NOW);
  });
