import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { patched } from "./patch.ts";

const old = { id: "1", title: "old" };
const fresh = { id: "1", title: "new" };

test("a new version replaces the old one in a list and leaves the others alone", () => {
  const other = { id: "2" };
  deepEqual(patched({ items: [other, old], next: null }, fresh, null), { items: [other, fresh], next: null });
});

test("an object that a list doesn't hold changes nothing, unless the list admits it", () => {
  const data = { items: [{ id: "2" }], next: null };
  equal(patched(data, fresh, null), data);
  deepEqual(patched(data, fresh, true), { items: [fresh, { id: "2" }], next: null });
});

test("a list loses an object that no longer belongs to it", () => {
  deepEqual(patched({ items: [old] }, fresh, false), { items: [] });
});

test("paged lists are patched where the object is, and gain it only once", () => {
  const pages = { pages: [{ items: [{ id: "2" }] }, { items: [old] }], pageParams: [] };
  deepEqual(patched(pages, fresh, true), {
    pages: [{ items: [{ id: "2" }] }, { items: [fresh] }],
    pageParams: [],
  });
});
