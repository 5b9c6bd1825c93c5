export const grpcExample = `\
monitors:
  - slug: orders-grpc
    service: shop
    kind: grpc
    host: orders.example.com
    tls: true
    grpc_service: shop.v1.Orders
    every: 60s
    timeout: 10s
    expect:
      latency: 500ms
`;

export const grpcDocs = `\
Asks a gRPC server how it is, by the standard health protocol (\`grpc.health.v1.Health/Check\`), over a connection of
its own.

\`\`\`yaml
${grpcExample}\`\`\`

| field | meaning | default |
| --- | --- | --- |
| \`host\` | a name or an address, without a port | required |
| \`port\` | | 443, with and without TLS |
| \`grpc_service\` | the service to ask about, as the server's health service knows it | the server as a whole |
| \`tls\` | \`true\`, or \`{ verify, server_name, expires_within }\` | no TLS |
| \`tls.verify\` | refuse a certificate that this machine does not trust | true |
| \`tls.server_name\` | the name to ask for and to verify, and the authority of the call | the host |
| \`tls.expires_within\` | degraded when the certificate has less left, down when it has expired | 14 days, or a fifth of its life |
| \`metadata\` | a map of keys to values, sent with the call; keys in lower case | |
| \`expect.status\` | \`serving\`, \`not_serving\` or \`unknown\` | serving |
| \`expect.latency\` | degraded when the whole check takes as long or longer | |
| \`expect.latency_down\` | down when it does | |

**The service** is a name that the server has given to its health service, mostly the full name of a protobuf service:
\`shop.v1.Orders\`. (The key \`service\` of a monitor is its service in Keepwatch.)

**Metadata** such as \`authorization\` and \`x-api-key\` is kept sealed and never shown. Under a key that ends in \`-bin\`, write
bytes as base64.

**Time.** The server is told by \`grpc-timeout\` to give up after nine tenths of what the check has left.

**Servers without it.** Most gRPC libraries bring a health service that only has to be switched on. A server without
one answers UNIMPLEMENTED, which is down; to know no more than that something listens, use kind \`tcp\` or \`tls\`.

| reason begins | what it means |
| --- | --- |
| \`[health] … is NOT_SERVING\` | the server says itself that it is not ready |
| \`[grpc] … does not implement the health protocol (UNIMPLEMENTED)\` | no health service is switched on |
| \`[grpc] … does not know the service … (NOT_FOUND)\` | the name is another, or the service is not registered |
| \`[grpc] … (UNAVAILABLE)\` | shutting down, or a proxy has nothing behind it |
| \`[grpc] … (UNAUTHENTICATED)\`, \`(PERMISSION_DENIED)\` | the metadata lacks credentials, or they are wrong |
| \`[protocol]\` | no HTTP/2, or no gRPC: another port, or a proxy that speaks HTTP/1 only |
| \`[reset]\` | closed without an answer: it crashed, turned the call away, or wants TLS |
| \`[timeout]\` | it accepts connections and does not answer |
| \`[tls]\` | no TLS on this port, or a certificate that this machine does not trust |
`;
