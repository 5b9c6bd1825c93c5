export const scenarioExample = `
monitors:
  - slug: shop-order
    kind: scenario
    service: shop
    every: 2m
    timeout: 20s
    steps:
      - name: sign in
        url: https://shop.example.com/api/session
        method: POST
        headers: { content-type: application/json }
        body: '{"user":"probe","password":"\${PROBE_PASSWORD}"}'
        take: { token: $.token }
      - name: order
        url: https://shop.example.com/api/orders
        method: POST
        headers: { authorization: "Bearer {{token}}" }
        expect: { status: 201 }
        take: { order: $.id }
      - name: order is there
        url: https://shop.example.com/api/orders/{{order}}
        headers: { authorization: "Bearer {{token}}" }
        expect:
          json: [{ path: $.state, equals: open }]
    expect: { latency: 3s }
`.trim();

export const scenarioDocs = `
Sends several requests one after the other, with values taken from one answer into the next: sign in, put something into
the basket, look whether it is there.

\`\`\`yaml
${scenarioExample}
\`\`\`

Each step is a request with its expectations, with every key that \`http\` has (\`auth.oauth2\` aside: that is a step of
its own). Steps run in order; the first that is down ends the check and names it. All of them together have the monitor's
\`timeout\`.

| key | meaning |
| --- | --- |
| \`steps[].name\` | what the step is called in reasons and pages |
| \`steps[].take\` | names, and where in the answer their values are |
| \`cookies\` | \`false\` sends no cookie back; otherwise they are kept from step to step, redirects included |
| \`expect.latency\`, \`expect.latency_down\` | limits for all steps together; a step has its own under \`steps[].expect\` |

A value is taken from JSON (\`$.token\`), a header (\`header x-csrf-token\`), a cookie (\`cookie session\`) or the body by a
regular expression with one group (\`/name="csrf" value="([^"]+)"/\`). \`{{token}}\` puts it into an address, a header, a body or
an expectation of a later step; in an address it is escaped. A value that isn't there is a failure of its step, one
that can't be used (two lines in a header) of the step that wants it. What was
taken, and every cookie, is left out of whatever is shown.

When it is down: the reason begins with the step, e.g. \`order: [status] 500, wanted 201\`; the evidence is that step's own,
and lists what the steps before it came to. \`[take]\` says which value was not in the answer.
`.trim();
