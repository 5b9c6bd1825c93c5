export const dnsExample = `\
monitors:
  - slug: shop-address
    service: shop
    kind: dns
    domain: shop.example.com
    record: A
    resolver: 192.0.2.53
    every: 60s
    timeout: 5s
    expect:
      answers: [192.0.2.7, 192.0.2.8]
      max_ttl: 5m
      latency: 100ms
`;

export const dnsDocs = `\
Asks a name server for a record and judges what comes back. So a zone that expired, a record that somebody changed
or a name server that lags behind is noticed before caches run out.

\`\`\`yaml
${dnsExample}\`\`\`

| field | meaning | default |
| --- | --- | --- |
| \`domain\` | the name to ask for; for PTR an IP address, which is turned round | required |
| \`record\` | A, AAAA, CNAME, MX, NS, TXT, SRV, CAA, SOA or PTR | A |
| \`resolver\` | the name server: an address or a name, with \`:port\` if it is not 53 | those that this machine asks |
| \`protocol\` | \`udp\`, which goes on over TCP where the answer does not fit, or \`tcp\` | udp |
| \`expect.answers\` | exactly these records, in any order: one, or a list | |
| \`expect.includes\` | these, among others | |
| \`expect.matches\` | a regular expression that one of the records meets | |
| \`expect.count\` | so many records; 0 for none | one or more, if nothing is expected of them |
| \`expect.rcode\` | NOERROR, NXDOMAIN, SERVFAIL or REFUSED | NOERROR |
| \`expect.min_ttl\`, \`expect.max_ttl\` | degraded when a record may be kept for less, or for more | |
| \`expect.latency\` | degraded when the answer takes as long or longer | |
| \`expect.latency_down\` | down when it does | |

**Records** are written on one line. Names are compared without regard to case or a dot at the end:

| record | written |
| --- | --- |
| A, AAAA | \`192.0.2.7\`, \`2001:db8::7\` |
| CNAME, NS, PTR | \`shop.example.com\` |
| MX | \`10 mail.example.com\` |
| SRV | \`10 60 5060 sip.example.com\`: priority, weight, port, target |
| TXT | the text in one piece, without quotes |
| CAA | \`0 issue "letsencrypt.org"\` |
| SOA | \`ns1.example.com hostmaster.example.com 2026112301 7200 3600 1209600 300\` |

Aliases on the way (a CNAME before an A record) are shown as evidence and not counted.

**Whom to ask.** To learn what a zone says, ask one of its own name servers; to learn what users get, ask a
resolver they use. A resolver counts a TTL down while it keeps a record, so \`min_ttl\` only makes sense with the zone's
own. The machine's own name servers are asked in turn until one answers.

**A lost datagram** is sent again, twice at most (once per server where there are more), within the timeout. Only an
answer from the server asked, with the right number and the same question, counts.

**Failures**

| reason begins | what it means |
| --- | --- |
| \`[rcode] NXDOMAIN\` | there is no such name, or no longer |
| \`[rcode] SERVFAIL\` | the resolver could not find out: the zone's servers are silent, or DNSSEC is broken; it often says which |
| \`[rcode] REFUSED\` | this server does not answer for that zone, or not to this machine |
| \`[answers]\` | the name exists; its records are not the expected ones |
| \`[timeout]\` | no answer, and how often it was asked for |
| \`[refused]\` | nothing listens there |
| \`[protocol]\` | something else than DNS answered |

**Addresses.** Link-local and cloud metadata addresses, and Keepwatch's own ports, are never asked when a monitor names
them as its resolver; private networks are, unless the operator has switched that off.

**Evidence** holds the response code, the flags, who answered and over what, and every record with its TTL in seconds.
`;
