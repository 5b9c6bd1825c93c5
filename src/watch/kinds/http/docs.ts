export const httpExample = `\
monitors:
  - slug: shop-home
    service: shop
    kind: http
    url: https://shop.example.com/
    every: 60s
    timeout: 10s
    expect:
      status: 200-299
      body_contains: Add to basket
      latency: 800ms
`;

export const httpDocs = `\
Sends a request and judges the answer. Every check opens a connection of its own, so that a broken listener, a
full backlog or an expired certificate is noticed even while old connections still work.

\`\`\`yaml
${httpExample}\`\`\`

| field | meaning | default |
| --- | --- | --- |
| \`url\` | where to; http or https | required |
| \`method\` | GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS | GET |
| \`headers\` | a map of names to values | |
| \`body\` | sent as it is; say its kind in a \`content-type\` header | |
| \`auth\` | \`{ basic: { user, password } }\`, \`{ bearer: token }\` or \`{ oauth2: … }\`, see below | |
| \`redirects\` | how many to follow; 0 judges the redirect itself | 5 |
| \`http_version\` | 1.1, 2, or any: whichever the server prefers; in clear, 2 is spoken unasked and any is 1.1 | 1.1 |
| \`ip\` | 4, 6 or any: the version of IP to connect over | any |
| \`proxy\` | \`{ url, user, password }\`; http:// or socks5://, see below | none |
| \`tls.verify\` | refuse a certificate that a browser would refuse | true |
| \`tls.expires_within\` | degraded when the certificate has less left, down when it has expired | 14 days, or a fifth of its life |
| \`tls.server_name\` | the name to ask for and to verify | the URL's host |
| \`tls.ca\` | PEM of the authorities to trust, in place of those that this machine trusts | |
| \`tls.certificate\`, \`tls.key\` | a client certificate with its key, both PEM (mutual TLS) | |
| \`expect.status\` | \`200\`, \`200-299\`, \`2xx\`, or a list of these | 200-299 |
| \`expect.body_contains\` | a text, or a list of texts that must all be there | |
| \`expect.body_excludes\` | a text, or a list of texts none of which may be there | |
| \`expect.body_matches\` | a regular expression, or a list of them that must all be found | |
| \`expect.body_not_matches\` | a regular expression, or a list of them none of which may be found | |
| \`expect.headers\` | a list of expectations on the answer's headers, see below | |
| \`expect.http_version\` | 1.0, 1.1 or 2: which version must have answered | any |
| \`expect.redirects_to\` | where redirects must lead: a URL or a path | |
| \`expect.size\` | \`{ min, max }\`: bytes of the body | |
| \`expect.json\` | a list of expectations on the JSON body, see below | |
| \`expect.json_schema\` | a JSON Schema (draft 2020-12) that the body must fit, see below | |
| \`expect.latency\` | degraded when the whole check takes as long or longer | |
| \`expect.latency_down\` | down when it does | |

**JSON.** Each entry has a \`path\` and one or more of \`exists\`, \`equals\`, \`not_equals\`, \`contains\` (part of a text,
or an element of a list), \`matches\` (a regular expression), \`above\` and \`below\`:

\`\`\`yaml
expect:
  json:
    - { path: $.status, equals: ok }
    - { path: '$.queues[0]["dead letters"]', below: 10 }
\`\`\`

A path is made of \`.name\`, \`[0]\` and \`["any name"]\` after \`$\`; there are no filters or wildcards.

**JSON Schema.** Written inline, or as one text of YAML or JSON. Everything it refers to stands in it, under \`$defs\`;
formats such as \`date-time\` and \`email\` are checked. The first three faults are told with their places. A body that
takes longer than 100 ms to compare makes the monitor degraded, not down.

\`\`\`yaml
expect:
  json_schema:
    type: object
    required: [status]
    properties:
      status: { enum: [ok, warming up] }
\`\`\`

**Headers.** Each entry has a \`name\` and one or more of \`exists\`, \`equals\`, \`contains\`, \`excludes\` and
\`matches\`:

\`\`\`yaml
expect:
  headers:
    - { name: content-type, contains: application/json }
    - { name: x-powered-by, exists: false }
\`\`\`

**Regular expressions** are JavaScript's with the flag \`u\`. One that searches for more than 50 ms is given up: the
monitor is degraded and says so.

**OAuth 2.0.** Client credentials: before the request a token is fetched, kept until shortly before its end, and fetched
again once when the answer is 401. The time this takes is within the monitor's timeout, but not in its latency. When no token
is to be had, the reason says so: \`[auth] the token endpoint answered 401 invalid_client\`.

\`\`\`yaml
auth:
  oauth2:
    token_url: https://login.example.com/oauth/token
    client_id: keepwatch
    client_secret: !secret SHOP_CLIENT_SECRET
    scope: read:status          # optional, as is audience
    client_auth: body           # where id and secret are sent; header unless said otherwise
\`\`\`

**Proxy.** An http proxy is asked for a tunnel (CONNECT) to https and told the whole URL of http; a socks5 proxy is asked
for a connection to either. The proxy resolves the name, so the addresses in the evidence are the proxy's own; what it says
itself is told apart: \`[proxy] the proxy 192.0.2.1:3128 answered 502 to CONNECT shop.example.com:443\`. Tokens are
fetched through it as well.

\`\`\`yaml
proxy:
  url: http://proxy.example.com:3128
  user: keepwatch
  password: !secret PROXY_PASSWORD
\`\`\`

**Bodies** are read up to 1 MiB; what comes after is neither waited for nor searched.

**Redirects** lead to a new connection whose address is checked anew. Credentials and cookies are sent on only
within the same origin, a client certificate is shown there alone. \`expect.redirects_to\` is compared with where they ended or, with \`redirects: 0\`, with where
the answer's \`Location\` points; a query or fragment is compared only if it is written.

**Certificates** near their end make the monitor degraded: an alert of low urgency and one severity less, days before the
outage, so nobody is woken. An expired one makes it down, with the monitor's own urgency; with \`tls.verify: false\` only
when \`tls.expires_within\` is given.

**Addresses.** Link-local and cloud metadata addresses, and Keepwatch's own ports, are never connected to.
Private networks are, unless the operator has switched that off.

**Evidence** of a failure holds what was expected and what came, the time of each phase, the addresses, the
certificate, the headers and the first 4 KB of the body, without cookies, tokens and this monitor's own secrets.
`;
