export const groupExample = `monitors:
  - slug: checkout
    service: shop
    kind: group
    members: [shop-eu, shop-us, shop-asia]
    at_least: 2
`;

export const groupDocs = `Stands for several monitors at once: up while enough of its members are.

\`\`\`yaml
${groupExample}\`\`\`

\`rule: all\` (the default) is down as soon as one member is, \`rule: any\` only when every member is, \`at_least: N\` when fewer
than N are up. While the rule holds and some member is down or degraded, the group is degraded: its spare is gone, and it
pages at low urgency.

A member that is unknown is never counted as down: where the outcome depends on it, the group is unknown too. Members that
are paused or in maintenance (noticed within a minute) are left out; of the others, \`at_least\` asks for all when fewer are
left. A group may be a member of another, but not of itself by any way. A monitor that a group names can't be deleted before
it is taken out there.

It is judged right after a member changed, without confirmation: the members have theirs. Its alert names who fails, also
when that changes while it fires.

To be paged once for the whole, give the members a service whose policy pages nobody urgently, and the group the one that
does.

| reason begins | what it means |
| --- | --- |
| \`[members]\` | which members are not up, and how many had to be |
`;
