export const tcpExample = `\
monitors:
  - slug: mail-banner
    service: mail
    kind: tcp
    host: mail.example.com
    port: 25
    every: 60s
    timeout: 10s
    expect:
      matches: "^220 "
      latency: 1s
`;

export const tcpDocs = `\
Connects to a port and, if told what to expect, reads what the server says, after sending something or of itself.
With neither, an accepted connection is enough.

\`\`\`yaml
${tcpExample}\`\`\`

| field | meaning | default |
| --- | --- | --- |
| \`host\` | a name or an address, without a port | required |
| \`port\` | | required |
| \`tls\` | \`true\`, or \`{ verify, server_name, expires_within }\`; encrypted from the first byte | no TLS |
| \`tls.verify\` | refuse a certificate that this machine does not trust | true |
| \`tls.server_name\` | the name to ask for and to verify | the host |
| \`tls.expires_within\` | degraded when the certificate has less left, down when it has expired | 14 days, or a fifth of its life |
| \`send\` | what to say first; wants an expectation of the answer | nothing |
| \`expect.contains\` | a text, or a list of texts that must all come | |
| \`expect.matches\` | a regular expression | |
| \`expect.latency\` | degraded when the whole check takes as long or longer | |
| \`expect.latency_down\` | down when it does | |

**Sending.** \`\\r\`, \`\\n\`, \`\\t\` and \`\\\\\` stand for what they usually do, \`\\xNN\` for any byte; nothing is added, so a
protocol of lines needs its \`\\r\\n\`. Everybody who may see the monitor sees this text: put no password there.

\`\`\`yaml
send: 'PING\\r\\n'
expect: { contains: +PONG }
\`\`\`

**The answer** is read as UTF-8 until every expectation holds, the server closes, 64 KB have come or the time is
over. The reason then says what came: \`[answer] “-LOADING data”, then nothing within 10 s; wanted to contain “+PONG”\`.

**An accepted connection says little.** The kernel accepts for a process that hangs, and proxies and containers'
port forwarding accept for one that is gone. Expect an answer wherever the protocol has one, or use the protocol's
own kind.

| reason begins | what it means |
| --- | --- |
| \`[refused]\` | nothing listens on the port |
| \`[timeout]\` | no connection, or not a byte, in time: a firewall that drops, or a process that hangs |
| \`[reset]\` | closed before it said anything |
| \`[answer]\` | it said something else |
| \`[tls]\` | no TLS on this port, or a certificate that this machine does not trust |
`;
