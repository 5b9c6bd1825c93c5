/** What the pages of database kinds have in common. */
export const sqlFields = (defaultPort: number): string => `\
| field | meaning | default |
| --- | --- | --- |
| \`host\` | a name or an address, without a port | required |
| \`port\` | | ${defaultPort} |
| \`database\`, \`user\` | | required |
| \`password\` | kept sealed, never shown | none |
| \`tls\` | \`true\`, or \`{ verify, server_name, expires_within }\` | no TLS |
| \`tls.verify\` | refuse a certificate that this machine does not trust | true |
| \`tls.server_name\` | the name to ask for and to verify | the host |
| \`tls.expires_within\` | degraded when the certificate has less left, down when it has expired | 14 days, or a fifth of its life |
| \`query\` | one statement | \`select 1\` |
| \`expect.rows\` | exactly so many rows | |
| \`expect.min_rows\` | so many rows or more | |
| \`expect.value\` | of the first column of the first row: \`equals\`, \`above\`, \`below\`, \`contains\`, \`matches\` | |
| \`expect.latency\` | degraded when the whole check takes as long or longer | |
| \`expect.latency_down\` | down when it does | |

**The query** is one statement, run read-only. No more than 1,000 rows and
4 MiB are read. To judge more than that, count in the query. Give the monitor a user of its own that may read
what the query needs and nothing else.

**The value** is compared as the server writes it. A number in \`equals\` is compared as a number (\`5\` meets
\`5.00\`), \`true\` meets \`t\`, \`true\` and \`1\`, and \`null\` meets NULL. \`above\` and \`below\` are never met by
what is no number.
`;

/** @param kind e.g. `postgres` */
export const sqlExample = (kind: string): string => `\
monitors:
  - slug: orders-queue
    service: shop
    kind: ${kind}
    host: db.example.com
    database: shop
    user: keepwatch
    password: "\${SHOP_DB_PASSWORD}"
    tls: true
    query: select count(*) from orders where state = 'waiting'
    every: 60s
    timeout: 10s
    expect:
      value: { below: 100 }
      latency: 500ms
`;
