/** A whole configuration, with everything that documents may hold. */
export const EXAMPLE = `keepwatch: 1
teams: [{ slug: web, name: Web, members: [ada@example.com, bo@example.com] }]
users:
  - email: ada@example.com
    name: Ada
    time_zone: Europe/Paris
    contact_methods:
      - { slug: mail, email: ada@example.com }
      - { slug: hook, webhook: { url: "http://127.0.0.1:9000/ada", secret: "\${ADA_HOOK_SECRET}" } }
    notification_rules:
      high: [{ via: hook }, { via: mail, after: 5m }]
      low: [{ via: mail }]
  - email: bo@example.com
    contact_methods: [{ slug: mail, email: bo@example.com }]
schedules:
  - slug: web-primary
    time_zone: Europe/Paris
    layers:
      - rotation: weekly
        starts: 2026-11-23T09:00
        users: [ada@example.com, bo@example.com]
        only: [{ days: [mon, tue, wed, thu, fri], from: "09:00", to: "18:00" }]
    overrides: [{ user: bo@example.com, from: 2026-12-24T18:00, to: 2026-12-26T09:00 }]
escalation_policies:
  - slug: web
    repeat: 2
    levels:
      - { targets: [{ schedule: web-primary }], wait: 5m }
      - { targets: [{ user: bo@example.com }], wait: 10m }
    fallback: [{ team: web }]
services:
  - { slug: shop, name: Shop, team: web, escalation_policy: web, depends_on: [pay], runbook: { url: "https://example.com/runbook" } }
  - { slug: pay }
monitors:
  - slug: shop-home
    service: shop
    kind: http
    url: http://127.0.0.1:8080/
    every: 20s
    timeout: 5s
    confirm: { failures: 2, retry_every: 5s }
    severity: SEV2
    headers: { Authorization: "Bearer \${SHOP_TOKEN}" }
    expect: { status: 200-299, body_contains: "Add to basket", latency: 800ms }
`;

export const EXAMPLE_VARIABLES = { ADA_HOOK_SECRET: "hush", SHOP_TOKEN: "open-sesame" };
