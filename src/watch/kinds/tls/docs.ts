export const tlsExample = `\
monitors:
  - slug: mail-certificate
    service: mail
    kind: tls
    host: mail.example.com
    starttls: smtp
    every: 1h
    timeout: 10s
    expect:
      expires_within: 21d
      min_version: "1.2"
`;

export const tlsDocs = `\
Shakes hands with any port that speaks TLS, at once or after STARTTLS, and judges the certificate and the connection.

\`\`\`yaml
${tlsExample}\`\`\`

| field | meaning | default |
| --- | --- | --- |
| \`host\` | a name or an address, without a port | required |
| \`port\` | | 443; with \`starttls\` the protocol's: 25, 143, 110, 21, 389, 5432 |
| \`starttls\` | \`smtp\`, \`imap\`, \`pop3\`, \`ftp\`, \`ldap\` or \`postgres\`: ask for TLS in this protocol first | TLS at once |
| \`server_name\` | the name to ask for and to verify | the host |
| \`verify\` | refuse a certificate that this machine does not trust, or that is for another name | true |
| \`expect.expires_within\` | degraded when the certificate has less left, down when it has expired | 14 days, or a fifth of its life |
| \`expect.min_version\` | \`1.2\` or \`1.3\`: the oldest TLS to agree on | 1.2 |
| \`expect.issuer\` | a text in the issuer's name | |
| \`expect.san\` | a name, or a list of names, that the certificate must be good for as well; wildcards count | |
| \`expect.fingerprint_sha256\` | of the server's own certificate, with or without colons; of a list, one must be it | |
| \`expect.latency\` | degraded when connecting and shaking hands takes as long or longer | |
| \`expect.latency_down\` | down when it does | |

**A certificate of your own** that no authority vouches for: \`verify: false\` and its \`fingerprint_sha256\`. Its end is
watched all the same. The fingerprint is printed by \`openssl x509 -noout -fingerprint -sha256 -in cert.pem\`.

**STARTTLS.** Nobody signs in, and no mail is sent: the check greets, asks for TLS, shakes hands and takes its leave.

**Evidence** holds what was expected and what came, the names of the whole chain, the issuer, the end, the
fingerprint, the protocol and the cipher.

| reason begins | what it means |
| --- | --- |
| \`[tls] the certificate has expired\` | or one above it in the chain |
| \`[tls] the certificate is self-signed\` | it vouches for itself, and this machine does not know it |
| \`[tls] the certificate is for …, not for …\` | another name than the host's or \`server_name\` |
| \`[tls] the chain is incomplete\` | the intermediate is missing: browsers may know it from elsewhere, programs do not |
| \`[tls] the certificate is from an authority this machine does not trust\` | the chain is there, its root is unknown |
| \`[tls] the server does not offer TLS\` | it refuses STARTTLS |
| \`[tls] the port does not speak TLS\` | it may want STARTTLS |
| \`[certificate]\` | it ends soon |
| \`[starttls]\` | the server turns everybody away, in its own words |
| \`[protocol]\` | something else listens on that port |
`;
