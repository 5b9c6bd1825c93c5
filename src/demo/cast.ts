import type { ConfigDocument } from "../config/document.ts";
import { parseConfig } from "../config/parse.ts";

/** The people, teams, schedules, policies, services and monitors of the demo, as anybody would write them. */
const TEXT = `keepwatch: 1
users:
  - { email: ada@harbour.example, name: Ada Lindqvist, role: admin, time_zone: Europe/Stockholm, contact_methods: [{ slug: mail, email: ada@harbour.example }] }
  - { email: bo@harbour.example, name: Bo Marsh, time_zone: Europe/London, contact_methods: [{ slug: mail, email: bo@harbour.example }] }
  - { email: chidi@harbour.example, name: Chidi Okafor, time_zone: Africa/Lagos, contact_methods: [{ slug: mail, email: chidi@harbour.example }] }
  - { email: dana@harbour.example, name: Dana Reyes, time_zone: America/Chicago, contact_methods: [{ slug: mail, email: dana@harbour.example }] }
  - { email: emi@harbour.example, name: Emi Tanaka, time_zone: Asia/Tokyo, contact_methods: [{ slug: mail, email: emi@harbour.example }] }
  - { email: farid@harbour.example, name: Farid Aziz, time_zone: Europe/Paris, contact_methods: [{ slug: mail, email: farid@harbour.example }] }
  - { email: greta@harbour.example, name: Greta Holm, time_zone: Europe/Copenhagen, contact_methods: [{ slug: mail, email: greta@harbour.example }] }
  - { email: hugo@harbour.example, name: Hugo Salas, role: viewer, time_zone: Europe/Madrid }
teams:
  - { slug: web, name: Web, members: [ada@harbour.example, bo@harbour.example], leads: [ada@harbour.example] }
  - { slug: payments, name: Payments, members: [chidi@harbour.example, dana@harbour.example], leads: [chidi@harbour.example] }
  - { slug: platform, name: Platform, members: [emi@harbour.example, farid@harbour.example, ada@harbour.example], leads: [farid@harbour.example] }
  - { slug: data, name: Data, members: [greta@harbour.example, dana@harbour.example], leads: [greta@harbour.example] }
schedules:
  - slug: web-primary
    name: Web, primary
    team: web
    time_zone: Europe/Stockholm
    layers: [{ rotation: weekly, starts: 2026-01-05T09:00, users: [ada@harbour.example, bo@harbour.example] }]
  - slug: payments-primary
    name: Payments, primary
    team: payments
    time_zone: Europe/London
    layers: [{ rotation: weekly, starts: 2026-01-05T10:00, users: [chidi@harbour.example, dana@harbour.example] }]
  - slug: platform-sun
    name: Platform, following the sun
    team: platform
    time_zone: UTC
    layers:
      - { rotation: daily, starts: 2026-01-05T00:00, users: [emi@harbour.example], only: [{ from: "00:00", to: "08:00" }] }
      - { rotation: weekly, starts: 2026-01-05T08:00, users: [farid@harbour.example, ada@harbour.example], only: [{ from: "08:00", to: "00:00" }] }
  - slug: data-hours
    name: Data, office hours
    team: data
    time_zone: Europe/Copenhagen
    layers:
      - { rotation: weekly, starts: 2026-01-05T08:00, users: [greta@harbour.example, dana@harbour.example], only: [{ days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:00" }] }
escalation_policies:
  - { slug: web, name: Web, team: web, repeat: 2, levels: [{ targets: [{ schedule: web-primary }], wait: 5m }, { targets: [{ team: web }], wait: 10m }], fallback: [{ user: ada@harbour.example }] }
  - { slug: payments, name: Payments, team: payments, repeat: 2, levels: [{ targets: [{ schedule: payments-primary }], wait: 5m }, { targets: [{ team: payments }], wait: 10m }], fallback: [{ team: platform }] }
  - { slug: platform, name: Platform, team: platform, repeat: 1, levels: [{ targets: [{ schedule: platform-sun }], wait: 5m }, { targets: [{ user: farid@harbour.example }], wait: 10m }], fallback: [{ team: platform }] }
  - { slug: data, name: Data, team: data, levels: [{ targets: [{ schedule: data-hours }], wait: 15m }], fallback: [{ user: greta@harbour.example }] }
services:
  - { slug: shop, name: Shop, team: web, escalation_policy: web, depends_on: [catalogue, checkout], runbook: { markdown: "1. Open the shop as a customer would.\\n2. Look at what was deployed in the last hour.\\n3. Roll back first, ask later.\\n" } }
  - { slug: catalogue, name: Catalogue, team: web, escalation_policy: web, depends_on: [search-index, postgres-main] }
  - { slug: checkout, name: Checkout, team: payments, escalation_policy: payments, depends_on: [payments-gateway, postgres-main], runbook: { url: "https://wiki.harbour.example/runbooks/checkout" } }
  - { slug: payments-gateway, name: Payments gateway, team: payments, escalation_policy: payments, runbook: { markdown: "1. Is the provider's own status page red? Switch to the second provider: \`pay switch --to b\`.\\n2. Watch authorisations for five minutes.\\n3. Tell support.\\n" } }
  - { slug: search-index, name: Search index, team: data, escalation_policy: data, urgency: low }
  - { slug: postgres-main, name: Main database, team: platform, escalation_policy: platform }
  - { slug: edge, name: Edge and certificates, team: platform, escalation_policy: platform }
  - { slug: reports, name: Nightly reports, team: data, escalation_policy: data, urgency: low }
monitors:
  - { slug: shop-front-page, name: Front page, kind: http, service: shop, every: 30s, severity: SEV2, url: "SHOP", expect: { status: 200-299, body_contains: Add to basket, latency: 1s } }
  - { slug: shop-api, name: Shop API, kind: http, service: shop, every: 1m, severity: SEV2, url: "SHOPdemo/shop-api" }
  - { slug: shop-login, name: Sign-in, kind: http, service: shop, every: 1m, url: "SHOPdemo/shop-login" }
  - { slug: catalogue-list, name: Product list, kind: http, service: catalogue, every: 1m, url: "SHOPdemo/catalogue-list" }
  - { slug: catalogue-images, name: Product images, kind: http, service: catalogue, every: 2m, severity: SEV4, url: "SHOPdemo/catalogue-images" }
  - { slug: checkout-basket, name: Basket, kind: http, service: checkout, every: 30s, severity: SEV1, url: "SHOPdemo/checkout-basket" }
  - { slug: checkout-order, name: Place an order, kind: http, service: checkout, every: 1m, severity: SEV1, url: "SHOPdemo/checkout-order" }
  - { slug: gateway-authorise, name: Authorise a card, kind: http, service: payments-gateway, every: 1m, severity: SEV1, url: "SHOPdemo/gateway-authorise" }
  - { slug: gateway-webhooks, name: Provider's callbacks, kind: http, service: payments-gateway, every: 2m, severity: SEV3, url: "SHOPdemo/gateway-webhooks" }
  - { slug: search-query, name: Search query, kind: http, service: search-index, every: 1m, severity: SEV3, url: "SHOPdemo/search-query" }
  - { slug: search-freshness, name: Index freshness, kind: http, service: search-index, every: 5m, severity: SEV4, url: "SHOPdemo/search-freshness" }
  - { slug: postgres-health, name: Database health, kind: http, service: postgres-main, every: 30s, severity: SEV1, url: "SHOPdemo/postgres-health" }
  - { slug: postgres-replica, name: Replica lag, kind: http, service: postgres-main, every: 1m, severity: SEV3, url: "SHOPdemo/postgres-replica" }
  - { slug: edge-tls, name: Certificate of the shop, kind: http, service: edge, every: 5m, severity: SEV2, url: "SHOPdemo/edge-tls" }
  - { slug: edge-eu, name: Edge, Europe, kind: http, service: edge, every: 1m, severity: SEV2, url: "SHOPdemo/edge-eu" }
  - { slug: edge-us, name: Edge, America, kind: http, service: edge, every: 1m, severity: SEV2, url: "SHOPdemo/edge-us" }
  - { slug: reports-sales, name: Sales report, kind: http, service: reports, every: 5m, severity: SEV5, url: "SHOPdemo/reports-sales" }
`;

/** @param shopUrl where the sample shop listens, with a slash at its end. */
export function cast(shopUrl: string): ConfigDocument {
  const quoted = TEXT.replaceAll("Edge, Europe,", '"Edge, Europe",').replaceAll(
    "Edge, America,",
    '"Edge, America",',
  );
  const { document, problems } = parseConfig(
    [{ name: "demo.yaml", text: quoted.replaceAll("SHOP", shopUrl) }],
    {},
  );
  if (problems.length > 0) throw new Error(`The demo's configuration is wrong: ${JSON.stringify(problems)}`);
  for (const monitor of document.monitors) monitor.labels = { sample_shop: "true" };
  return document;
}
