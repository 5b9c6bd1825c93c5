import assert from "node:assert/strict";
import { test } from "node:test";
import { oncallWorld } from "../testing.ts";

test("people say when they are away, by days of their own clock; others read it and can't change it", async () => {
  await using w = await oncallWorld();
  const ada = await w.t.user({ email: "ada@example.com", name: "Ada", timeZone: "Europe/Paris" });
  const bo = await w.person("bo");
  const path = "/users/ada@example.com/out-of-office";
  const made = await w.ok(`POST ${path}`, ada, { from: "2026-12-24", to: "2026-12-27", summary: "Skiing" });
  assert.equal(made.from, "2026-12-23T23:00:00Z");
  assert.equal(made.to, "2026-12-27T23:00:00Z", "all of the last day");
  assert.deepEqual((await w.ok(`GET ${path}`, bo)).items, [made]);
  assert.equal((await w.call(`POST ${path}`, bo, { from: "2026-12-24", to: "2026-12-27" })).status, 403);
  assert.equal((await w.call(`DELETE ${path}/${made.id}`, bo)).status, 403);
  assert.equal((await w.call(`GET ${path}`)).status, 401);
});

test("time away that has begun ends when it is taken back; what is to come goes altogether", async () => {
  await using w = await oncallWorld();
  const ada = await w.person("ada");
  const path = `/users/${ada.id}/out-of-office`;
  const running = await w.ok(`POST ${path}`, ada, { from: "2026-11-22", to: "2026-11-25" });
  const future = await w.ok(`POST ${path}`, ada, { from: "2026-12-01T12:00", to: "2026-12-01T18:00" });
  assert.equal(future.to, "2026-12-01T18:00:00Z");
  await w.ok(`DELETE ${path}/${running.id}`, ada);
  await w.ok(`DELETE ${path}/${future.id}`, ada);
  assert.deepEqual((await w.ok(`GET ${path}`, ada)).items, []);
  const kept = await w.t.platform.db.selectFrom("out_of_office").select(["id", "to_at"]).execute();
  assert.deepEqual(
    kept.map((row) => [row.id, `${row.to_at}`]),
    [[running.id, "2026-11-23T09:00:00Z"]],
  );
  assert.equal((await w.call(`DELETE ${path}/${running.id}`, ada)).status, 409);
});

test("time away that ends before it begins, or is over, is refused with where and why", async () => {
  await using w = await oncallWorld();
  const ada = await w.person("ada");
  for (const body of [
    { from: "2026-12-24", to: "2026-12-20" },
    { from: "2026-11-01", to: "2026-11-02" },
    { from: "2026-12-01", to: "2029-12-01" },
    { from: "2026-12-01", to: "Friday" },
  ]) {
    const { status, body: problem } = await w.call(`POST /users/${ada.id}/out-of-office`, ada, body);
    assert.equal(status, 422);
    assert.equal(problem.errors[0].pointer, "/to");
  }
});
