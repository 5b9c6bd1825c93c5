import { REDIS_PORT } from "./config.ts";

export const redisExample = `\
monitors:
  - slug: job-queue
    service: shop
    kind: redis
    host: cache.example.com
    user: keepwatch
    password: "\${REDIS_PASSWORD}"
    tls: true
    command: LLEN jobs
    every: 60s
    timeout: 10s
    expect:
      value: { below: 1000 }
      latency: 50ms
`;

export const redisDocs = `\
Connects to Redis, or to Valkey, KeyDB or anything else that speaks its protocol, signs in, runs one command and judges
the answer.

\`\`\`yaml
${redisExample}\`\`\`

| field | meaning | default |
| --- | --- | --- |
| \`host\` | a name or an address, without a port | required |
| \`port\` | | ${REDIS_PORT} |
| \`user\` | of the access control list | the user \`default\` |
| \`password\` | kept sealed, never shown | none |
| \`database\` | its number | 0 |
| \`tls\` | \`true\`, or \`{ verify, server_name, expires_within }\`; encrypted from the first byte | no TLS |
| \`tls.verify\` | refuse a certificate that this machine does not trust | true |
| \`tls.server_name\` | the name to ask for and to verify | the host |
| \`tls.expires_within\` | degraded when the certificate has less left, down when it has expired | 14 days, or a fifth of its life |
| \`command\` | one line, cut into words as a shell would, or a list of words | \`PING\`, which must answer \`PONG\` |
| \`expect.value\` | of the answer: \`equals\`, \`above\`, \`below\`, \`contains\`, \`matches\` | |
| \`expect.latency\` | degraded when the whole check takes as long or longer | |
| \`expect.latency_down\` | down when it does | |

**The command** is run as it is, each time, also one that writes or deletes. Give the monitor a user that may run this
command and nothing else, for example \`ACL SETUSER keepwatch on >PASSWORD ~jobs +llen +ping\`. Everybody who may see
the monitor sees the command. A command that waits (\`BLPOP\`) ends in a
time-out.

**The value.** A number in \`equals\` is compared as a number, \`true\` meets \`1\`, and \`null\` meets a key that isn't
there. A list is its elements, one a line. \`above\` and \`below\` are never met by what is no number. No more than
256 KiB are read.

\`\`\`yaml
command: INFO replication
expect:
  value: { contains: "master_link_status:up" }
\`\`\`

**Failures** carry the server's own word:

| reason begins | word | what it means |
| --- | --- | --- |
| \`[sign-in]\` | NOAUTH, WRONGPASS | a password is missing or wrong, or there is no such user |
| \`[sign-in]\` | DENIED | protected mode: set a password or an address to listen on at the server |
| \`[sign-in]\` | ERR | a password is given, but the server has none |
| \`[database]\` | ERR | there is no database of that number |
| \`[command]\` | NOPERM | the user may not run the command, or not on this key |
| \`[command]\` | LOADING | the server has just started and reads its data |
| \`[command]\` | MASTERDOWN | a replica has lost its master and gives no stale data |
| \`[command]\` | CLUSTERDOWN, MOVED | the cluster is down, or another node has the key |
| \`[command]\` | ERR, WRONGTYPE | no such command, wrong arguments, or a key of another type |
| \`[value]\` | | another answer than expected |
| \`[reset]\` | | too many connections, or a TLS port spoken to without \`tls\` |
| \`[protocol]\` | | something else listens on that port |
`;
