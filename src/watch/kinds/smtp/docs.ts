export const smtpExample = `\
monitors:
  - slug: mail-submission
    service: mail
    kind: smtp
    host: mail.example.com
    port: 587
    tls: starttls
    user: keepwatch@example.com
    password: "\${MAIL_PASSWORD}"
    from: keepwatch@example.com
    to: postmaster@example.com
    every: 5m
    timeout: 20s
    expect:
      contains: ESMTP
      latency: 2s
`;

export const smtpDocs = `\
Talks to a mail server as another server or a mail program would: waits for the greeting, introduces itself and, as far
as it is told to, encrypts, signs in and asks whether a sender and a recipient are taken. No mail is sent.

\`\`\`yaml
${smtpExample}\`\`\`

| field | meaning | default |
| --- | --- | --- |
| \`host\` | a name or an address, without a port | required |
| \`port\` | | 25; 465 with \`tls: implicit\` |
| \`tls\` | \`starttls\`, \`implicit\` (from the first byte), \`none\`, or \`{ mode, verify, server_name, expires_within }\` | \`implicit\` on port 465, else \`none\` |
| \`tls.mode\` | \`starttls\` or \`implicit\` | \`implicit\` on port 465, else \`starttls\` |
| \`tls.verify\` | refuse a certificate that this machine does not trust | true |
| \`tls.server_name\` | the name to ask for and to verify | the host |
| \`tls.expires_within\` | degraded when the certificate has less left, down when it has expired | 14 days, or a fifth of its life |
| \`user\`, \`password\` | to sign in by PLAIN or LOGIN; the password is kept sealed, never shown | nobody signs in |
| \`helo\` | how the check names itself | this machine's address in brackets |
| \`from\` | the sender to ask about; \`""\` is the empty one of bounces | with \`to\`, the empty one |
| \`to\` | the recipient to ask about | none |
| \`expect.code\` | of the last answer about the envelope; without \`from\` and \`to\`, of the greeting | 220, and any 2xx |
| \`expect.contains\` | a text, or a list of texts, in the greeting | |
| \`expect.latency\` | degraded when the whole check takes as long or longer | |
| \`expect.latency_down\` | down when it does | |

**A password** goes over TLS, unless \`tls: none\` is written out.

**The envelope** ends before the mail itself would begin, so nobody gets anything. Many servers put unknown senders
off at first (greylisting) or know this machine's address as one that sends no mail; from the outside, prefer to sign
in. To be told when a server begins to relay for strangers, expect its refusal:

\`\`\`yaml
from: stranger@example.net
to: somebody@example.org
expect: { code: 554 }
\`\`\`

**Evidence** holds the whole conversation, with what the server can do; credentials are left out. 16 KiB are read.

| reason begins | what it means |
| --- | --- |
| \`[greeting]\` | the server turns this machine away, or greets otherwise than expected |
| \`[tls]\` | no STARTTLS, or a certificate that this machine does not trust |
| \`[sign-in]\` | a wrong password, or no way to sign in that the check knows |
| \`[sender]\`, \`[recipient]\` | refused, or put off; the server's own words follow |
| \`[code]\` | another code than expected |
| \`[timeout]\` | no greeting, or no answer, in time: a firewall that drops, or a server that makes strangers wait |
| \`[protocol]\` | something else listens on that port |

Many networks and clouds let nobody out to port 25: then the check times out while connecting.
`;
