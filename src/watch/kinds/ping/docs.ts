export const pingExample = `\
monitors:
  - slug: office-gateway
    service: network
    kind: ping
    host: gw.example.com
    count: 5
    interval: 500ms
    every: 60s
    timeout: 10s
    expect:
      loss: 20
      latency: 50ms
      jitter: 30ms
`;

export const pingDocs = `\
Pings a host (ICMP echo) with the system's own program, and judges how much is lost, how long answers take and how evenly
they come.

\`\`\`yaml
${pingExample}\`\`\`

| field | meaning | default |
| --- | --- | --- |
| \`host\` | a name or an address; of a name's addresses the first is pinged, IPv4 before IPv6 | required |
| \`count\` | requests sent with each check, up to 20 | 3 |
| \`interval\` | between two of them, from \`200ms\` to \`10s\`; Windows always takes a second | \`1s\` |
| \`size\` | bytes of payload, 16 at least | the program's: 56, on Windows 32 |
| \`ip\` | \`4\` or \`6\`: over this version of IP alone | \`any\` |
| \`expect.loss\` | degraded when more than so many percent are lost | |
| \`expect.loss_down\` | down when more than so many percent are lost | |
| \`expect.latency\` | degraded when the average round trip takes as long or longer | |
| \`expect.latency_down\` | down when it does | |
| \`expect.jitter\` | degraded when one round trip differs from the one before by as much or more, on average | |

Without a single answer the monitor is down, whatever is expected. Its response time is the average round trip.
The last answer is waited for up to four seconds; \`timeout\` has to leave one after the last request.

**An answered ping** means that the machine and the way to it are there, not that anything on it works. Many hosts and
firewalls drop pings on purpose, and routers put off answering them: watch a service by its own kind where there is one.

**The program** \`ping\` must be installed where Keepwatch runs, and be allowed to ping; in a container it may need the
capability NET_RAW. If it isn't, the monitor is unknown rather than down, and says what to install.

| reason begins | what it means |
| --- | --- |
| \`[loss]\` | answers are missing, some or all |
| \`[unreachable]\` | a router on the way says why it goes no further, or this machine has no way |
| \`[latency]\`, \`[jitter]\` | answers come late or unevenly |
| \`[dns]\` | the name has no address |
| \`[unknown]\` | this machine cannot ping, or has no network: nothing is known of the host |
`;
