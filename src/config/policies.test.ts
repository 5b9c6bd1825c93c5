import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/support/platform.ts";
import { configure, inShort } from "./fixtures/configure.ts";

const head = `keepwatch: 1
users: [{ email: ada@example.com, name: Ada }, { email: bo@example.com, name: Bo }]
teams: [{ slug: web, members: [bo@example.com], lead: ada@example.com }]
schedules: [{ slug: nights, layers: [{ rotation: weekly, starts: 2026-11-23T09:00, users: [ada@example.com] }] }]
escalation_policies:
  - slug: web
`;
const levels = `    levels: [{ targets: [{ next: nights }, { lead: web }], wait: 5m, round_robin: true }]
`;
const rest = `    acknowledge_timeout: 60m
    paths:
      - name: night
        when: { urgency: high, severity: [SEV1], labels: { region: eu }, hours: { from: "18:00", to: "09:00", time_zone: Europe/Paris } }
        levels: [{ targets: [{ user: BO@example.com }], wait: 120s }]
        fallback: [{ team: web }]
`;

test("paths, turns, stand-ins and acknowledgements that run out come from YAML; twice changes nothing, and so does the export", async () => {
  await using t = await testPlatform();
  const { make, export: write } = configure(t);
  await make(head + levels + rest);
  assert.deepEqual((await make(head + levels + rest)).changes, []);
  const text = await write();
  assert.match(text, /acknowledge_timeout: 1h\n/);
  assert.match(text, /- next: nights\n\s+- lead: web\n\s+wait: 5m\n\s+round_robin: true/);
  assert.match(text, /name: night\n\s+when:\n/);
  assert.match(text, /leads:\n\s+- ada@example.com/);
  assert.deepEqual((await make(text)).changes, []);
  assert.deepEqual(inShort(await make(head + levels)), ["~ escalation_policies web"]);
});

test("what is wrong in a path is named at its line", async () => {
  await using t = await testPlatform();
  const { apply } = configure(t);
  const said = async (text: string) =>
    (await apply(text)).problems.map(({ line, message }) => `${line} ${message}`).join("\n");
  assert.match(await said(head + levels + rest.replace("team: web", "team: wob")), /there is no team "wob"/);
  assert.match(await said(head + levels + rest.replace("region:", "region: eu }, lables: {x:")), /lables/);
  assert.match(await said(head + levels.replace("lead: web", "lead: wob")), /there is no team "wob"/);
  assert.match(
    await said(head + levels + rest.replace("Europe/Paris", "Paris")),
    /"Paris" is not a time zone/,
  );
  assert.match(await said(head + levels + rest.replace("60m", "5s")), /runs out after 5s/);
});
