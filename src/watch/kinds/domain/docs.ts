export const domainExample = `\
monitors:
  - slug: shop-domain
    service: shop
    kind: domain
    domain: example.com
    every: 6h
    timeout: 20s
    expect:
      expires_within: 30d
      nameservers: [ns1.example.net, ns2.example.net]
      status: client transfer prohibited
`;

export const domainDocs = `\
Asks the registry of a domain, by RDAP, how long it is registered for and how it stands. So a renewal that failed, a
hold or a hijacked delegation is noticed while there is time to act.

\`\`\`yaml
${domainExample}\`\`\`

| field | meaning | default |
| --- | --- | --- |
| \`domain\` | the domain as it was registered: \`example.co.uk\`, not \`www.example.co.uk\` | required |
| \`rdap_url\` | the registry's RDAP server, for endings that IANA does not list | the one in IANA's list |
| \`expect.expires_within\` | degraded when the registration has less left; down when it has expired | 30d |
| \`expect.nameservers\` | exactly these name servers, in any order: one, or a list | |
| \`expect.registrar\` | a part of the registrar's name | |
| \`expect.status\` | a status that must be there, or a list of them: \`client transfer prohibited\` | |

**Write \`every: 6h\`** or so: a registration changes rarely, and registries shut out who asks too much. What one says is
kept for an hour, so a monitor that runs more often asks no more often; trying it by hand always asks.

**Status.** These are never well, whatever is expected:

| status | the monitor is | what it means |
| --- | --- | --- |
| client hold | down | the registrar has taken the domain out of the DNS, often for a bill or a check of the address |
| server hold | down | the registry has |
| inactive | down | the domain has no name servers |
| redemption period | down | it was deleted, and can be bought back for some weeks, at a price |
| pending restore | down | it is being bought back |
| pending delete | down | it is lost in some days |
| pending transfer | degraded | somebody is moving it to another registrar |

**Expiry.** Many registries prolong a domain by a year on the day it expires and give the registrar some weeks to
take that back; the date alone may then look well although nobody has paid. Some registries (those of .de, .eu or .ch
among them) tell no date: for these expect name servers, a registrar or a status.

**A registry that does not answer** says nothing of the domain: the monitor is then unknown, not down. The same goes for
an answer of 429 (asked too often), after which the server is left alone for as long as it wishes, an hour at most.

**Failures**

| reason begins | what it means |
| --- | --- |
| \`[expiry]\` | it expires soon, or has expired |
| \`[status]\` | see above, or an expected status is missing |
| \`[domain]\` | it is not registered; mind that a name below a registered one counts as not registered |
| \`[nameservers]\`, \`[registrar]\` | others than expected |
| \`[unknown]\` | the registry did not say: it has no listed server, tells no date, or does not answer |

**Evidence** holds the date, the registrar, every status, the name servers, and where all this was asked for.
`;
