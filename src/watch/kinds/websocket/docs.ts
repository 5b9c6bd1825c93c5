export const websocketExample = `\
monitors:
  - slug: shop-live
    service: shop
    kind: websocket
    url: wss://shop.example.com/live
    send: '{"type":"ping"}'
    every: 60s
    timeout: 10s
    expect:
      json:
        - { path: $.type, equals: pong }
      latency: 1s
`;

export const websocketDocs = `\
Opens a WebSocket and, if told what to expect, listens for a message, after sending one or of itself. With no
expectation of a message, a connection that opens is enough.

\`\`\`yaml
${websocketExample}\`\`\`

| field | meaning | default |
| --- | --- | --- |
| \`url\` | where to; ws or wss | required |
| \`headers\` | a map of names to values, sent with the request to upgrade: \`authorization\`, \`cookie\`, \`origin\` | |
| \`subprotocols\` | one to offer, or a list of them, the preferred first | none |
| \`send\` | one text message; wants an expectation of what comes back | nothing |
| \`tls.verify\` | refuse a certificate that a browser would refuse | true |
| \`tls.expires_within\` | degraded when the certificate has less left, down when it has expired | 14 days, or a fifth of its life |
| \`tls.server_name\` | the name to ask for and to verify | the URL's host |
| \`tls.ca\` | PEM of the authorities to trust, in place of those that this machine trusts | |
| \`tls.certificate\`, \`tls.key\` | a client certificate with its key, both PEM (mutual TLS) | |
| \`expect.contains\` | a text, or a list of texts that must all be in one message | |
| \`expect.matches\` | a regular expression, found in that message | |
| \`expect.json\` | a list of expectations on that message as JSON, as kind \`http\` has them | |
| \`expect.subprotocol\` | the one that the server must choose | any of those offered |
| \`expect.close_code\` | the server must close the connection, with this code | |
| \`expect.latency\` | degraded when the whole check takes as long or longer | |
| \`expect.latency_down\` | down when it does | |

**Messages** are read until one of them meets everything expected of a message, so a greeting or other people's
events before it do no harm. No more than 1,000 messages and 1 MiB are read. Binary messages are read as UTF-8.
The reason tells the last one: \`[message] “{"type":"busy"}” after 2 more, then none within 10 s; wanted to contain “pong”\`.

**Sending.** Everybody who may see the monitor sees this text. A token belongs into a header, where it is kept sealed.

**Closing.** \`expect.close_code: 4401\` with neither token nor message tells that strangers are still turned away.

\`\`\`yaml
expect: { close_code: 4401 }
\`\`\`

**The upgrade** is asked for over HTTP/1.1, without compression, and redirects are not followed. Its time is that until the first
byte in the phases; what the message takes is the transfer.

| reason begins | what it means |
| --- | --- |
| \`[upgrade] answered 403 instead of switching protocols\` | sign-in, origin or path is wrong, or a proxy passes no upgrades on |
| \`[subprotocol]\` | the server knows none of those offered, or chose another |
| \`[message]\` | what came was not what was wanted |
| \`[close]\` | closed before any message, or with another code than the one wanted |
| \`[timeout] opened, but no message came\` | it opens, and what should send is stuck |
| \`[protocol]\` | something else than WebSocket answers there |
| \`[tls]\` | no TLS on this port, or a certificate that this machine does not trust |
`;
