/**
 * What failures have in common though one writer says "lost power" and another "the generator did not start": words for
 * one mechanism, system or circumstance count as one word more. General knowledge of operations, of no one company.
 */
const CONCEPTS: readonly (readonly [string, RegExp])[] = [
  [
    "power",
    /\b(power (loss|outage|failure|cut|event|surge|supply|supplies|distribution|interruption)|loss of power|lost power|lose power|losing power|blackouts?|brownouts?|generators?|ups|uninterruptible|utility (power|voltage|grid)|electrical (fault|failure|storm|grid)|lightning|transformers?|power grid|circuit breaker tripped|batteries)\b/gi,
  ],
  ["cooling", /\b(cooling|overheat\w*|hvac|chillers?|air[- ]conditioning|temperatures?|thermal)\b/gi],
  ["dns", /\b(dns|name ?servers?|resolvers?|zone files?|domain name|dnssec|nxdomain|cname)\b/gi],
  ["certificate", /\b(certificates?|tls|ssl|x\.?509|ca bundle)\b/gi],
  ["expiry", /\b(expir\w+|renew\w*)\b/gi],
  [
    "ddos",
    /\b(d?dos attacks?|ddos|denial[- ]of[- ]service|flood(ed|ing)? (of )?(traffic|packets|requests)|amplification attack|botnet|syn flood)\b/gi,
  ],
  [
    "bgp",
    /\b(bgp|route leaks?|autonomous systems?|prefix(es)?|announce(d|ment)s?|withdr[ae]wn? routes?|peering|backbone|routing table|route reflector)\b/gi,
  ],
  [
    "switch",
    /\b(switch(es)?|routers?|supervisor|line ?cards?|aggregation|top[- ]of[- ]rack|network (device|gear|hardware|equipment)|spanning tree|link aggregation|mlag|firmware)\b/gi,
  ],
  [
    "failover",
    /\b(fail(ed|ing|s)?[- ]?over|standby|stand-by|redundan\w+|secondary|split[- ]brain|promot\w+ (a |the )?(replica|secondary|slave)|leader election|primary)\b/gi,
  ],
  [
    "retry-storm",
    /\b(retr(y|ies|ied|ying)|thundering herds?|reconnect\w*|connection storm|stampedes?|retry storms?|re-?connected at once|simultaneous(ly)? reconnect\w*|backoff|herd)\b/gi,
  ],
  [
    "overload",
    /\b(overload\w*|saturat\w+|overwhelm\w*|exhaust\w+|capacity|congest\w+|backlog\w*|queue depth|queued up|high load|load spike|traffic spike|surge in traffic)\b/gi,
  ],
  [
    "memory",
    /\b(out of memory|oom\w*|memory leaks?|leak(ed|ing|s)? memory|heap|ran out of memory|swap(ping)?)\b/gi,
  ],
  [
    "disk-full",
    /\b(disk (space|full|usage)|out of (disk )?space|full disks?|filled up|inodes?|no space left)\b/gi,
  ],
  [
    "limits",
    /\b(file descriptors?|ulimits?|connection limits?|thread limits?|max(imum)? connections|quota|rate[- ]limit\w*|hit (a|the) limit|soft limit|hard limit|limit of)\b/gi,
  ],
  [
    "overflow",
    /\b(overflow\w*|int(eger)?[- ]?32|32[- ]bit|2\^31|2,147,483,647|2147483647|4,294,967,295|signed int(eger)?|bigint|wrap(ped)? ?around|wraparound|maximum value|transaction ids?|auto[- ]?increment\w*|primary key|ran out of (ids|integers|values))\b/gi,
  ],
  [
    "migration",
    /\b(schema (changes?|migrations?)|database migrations?|migrat(e|ed|ing|ion|ions)|alter table|ddl|table locks?|locked the table|add(ed|ing)? (a |an )?(column|index)|exclusive locks?)\b/gi,
  ],
  ["locks", /\b(deadlocks?|lock contention|mutex|row locks?|lock(ed|ing|s)?|contention)\b/gi],
  ["regex", /\b(regex(es|p)?|regular expressions?|backtrack\w*|pattern matching)\b/gi],
  ["config", /\b(config(uration|s)?|settings?|feature flags?|flags?|yaml|misconfigur\w+|typo)\b/gi],
  [
    "not-propagated",
    /\b(propagat\w+|stale (config\w*|cache|copy|version)|not (restarted|reloaded|picked up|updated|deployed to)|did(n't| not) (receive|get|pick up|load) (the )?(new|updated)|out of sync|old (version|config\w*|code))\b/gi,
  ],
  [
    "deploy",
    /\b(deploy\w*|roll(ed|ing)?[- ]?out|releas(e|ed|ing)|push(ed)? (to|out)|ship(ped)?|upgrade[ds]?|upgrading|canary)\b/gi,
  ],
  ["rollback", /\b(roll(ed|ing)?[- ]?back|revert\w*)\b/gi],
  [
    "deleted",
    /\b(delet\w+|rm -rf|drop(ped)? (the )?(table|database)|wiped?|purg\w+|truncat\w+|accidentally removed|terminated (the )?(wrong|production)|erase[ds]?)\b/gi,
  ],
  [
    "cleanup-job",
    /\b(clean[- ]?up|garbage collect\w*|reaper|pruning|pruned?|retention|lifecycle|cron ?jobs?|scheduled (job|task)s?|decommission\w*)\b/gi,
  ],
  ["backup", /\b(backups?|restor(e|ed|ing)|snapshots?|data loss|lost data|pg_dump|point[- ]in[- ]time)\b/gi],
  ["corruption", /\b(corrupt\w*|checksum|bit ?flip\w*|inconsisten\w+|data integrity)\b/gi],
  ["replication", /\b(replicat\w+|replicas?|replication lag|slaves?|binlog)\b/gi],
  ["database", /\b(databases?|mysql|postgres\w*|mongo\w*|cassandra|redis|sql|queries|query)\b/gi],
  ["cache", /\b(caches?|cached|caching|memcache\w*|cache miss\w*|cold cache|invalidat\w+|cdn)\b/gi],
  [
    "provider",
    /\b(aws|amazon web services|ec2|s3|ebs|google cloud|gcp|gce|azure|upstream provider|third[- ]party|cloud provider|vendor|hosting provider|data ?cent(er|re) provider|provider'?s?)\b/gi,
  ],
  [
    "kubernetes",
    /\b(kubernetes|k8s|kubelet|pods?|nodes? (pool|upgrade|group)s?|etcd|control plane|cni|iptables|systemd|containers?|docker|calico|cilium|kube-?\w*)\b/gi,
  ],
  [
    "node-upgrade",
    /\b(node (upgrade|image|pool)s?|os (upgrade|update|patch)\w*|unattended[- ]upgrades?|package update|kernel (upgrade|update)|version upgrade|reboot\w*)\b/gi,
  ],
  [
    "network-lost",
    /\b(lost (network )?connectivity|network (partition|connectivity|routes?|rules?)|packet loss|unreachable|partition(ed|s)?|split)\b/gi,
  ],
  [
    "supply-chain",
    /\b(malicious|malware|trojan\w*|compromised|backdoor\w*|tampered|supply chain|npm|pypi|typosquat\w*|infected|poisoned|hijack\w*|injected)\b/gi,
  ],
  [
    "credentials",
    /\b(credentials?|api keys?|access keys?|passwords?|secrets?|tokens?|leaked|phish\w*|unauthori[sz]ed|attacker\w*|breach\w*|intrusion)\b/gi,
  ],
  [
    "permissions",
    /\b(permissions?|acls?|iam|access control|firewalls?|security groups?|blocked|denied|authoriz\w+)\b/gi,
  ],
  ["auth", /\b(authenticat\w+|log[- ]?ins?|sign[- ]?ins?|sessions?|oauth|identity)\b/gi],
  [
    "units",
    /\b(units?|metric|imperial|miles|kilomet(er|re)s|feet|inches|met(er|re)s|kilograms?|pounds?|newtons?|gallons?|lit(er|re)s|conversion|converted|milliseconds?|seconds instead|bytes instead)\b/gi,
  ],
  [
    "spacecraft",
    /\b(spacecraft|rocket|orbiter?|probe|mission|launch|missile|satellite|aircraft|flight|plane|pilot|airliner)\b/gi,
  ],
  [
    "time",
    /\b(leap (second|year|day)s?|daylight saving|dst|time ?zones?|clock (skew|drift)|ntp|y2k|timestamp|epoch|february 29|midnight)\b/gi,
  ],
  ["load-balancer", /\b(load balanc\w+|health checks?|elb|haproxy|nginx|proxy|proxies|ingress)\b/gi],
  [
    "cascade",
    /\b(cascad\w+|snowball\w*|domino|knock-on|chain reaction|spread to|spiral\w*|feedback loop|vicious)\b/gi,
  ],
  ["queue", /\b(queues?|queued|message broker|rabbitmq|kafka|consumers?|streams?|sqs)\b/gi],
  [
    "cell-capacity",
    /\b(cells?|shards?|sharding|front[- ]end (fleet|servers)|thread count|fleet|hot ?spots?|hot (shard|partition)|noisy neighbo\w+)\b/gi,
  ],
  [
    "monitoring-gap",
    /\b(no alerts?|did(n't| not) alert|not (being )?monitored|alert(s|ing)? (did|were) not|silent(ly)?|unnoticed|undetected|went unnoticed|missing (alert|monitor)\w*)\b/gi,
  ],
  ["race", /\b(race conditions?|concurren\w+|races?|interleav\w+|non-?atomic)\b/gi],
  [
    "null",
    /\b(null pointer|nil|undefined|crash(ed|es|ing)?|segfaults?|segmentation fault|exception|panic(ked|s)?|crash[- ]?loop\w*)\b/gi,
  ],
  ["infinite-loop", /\b(infinite loop|endless loop|loop(ed|ing)?|recursion|recursive)\b/gi],
  ["cpu", /\b(cpu|100% cpu|processor|spinning|quadratic|o\(n)\b/gi],
  [
    "hardware",
    /\b(hardware (failure|fault)|disk failure|raid|failed (disk|drive)s?|hard drives?|controller|nic|faulty|memory module)\b/gi,
  ],
  ["fiber", /\b(fib(er|re)s?|cables?|cut|optical|conduit|backhoe|submarine)\b/gi],
  [
    "test-in-production",
    /\b(test (environment|data|script)s?|staging|wrong (environment|server|database|cluster)|in production)\b/gi,
  ],
  [
    "human-command",
    /\b(command|mistyped|mistake\w*|inadvertent\w*|accident(al|ally)?|operator|engineer (ran|executed)|wrong (input|argument|parameter|value))\b/gi,
  ],
  ["maintenance", /\b(maintenance|planned (work|change)|scheduled (work|change))\b/gi],
  ["billing", /\b(billing|invoices?|payments?|charges?|charged|credit card)\b/gi],
  [
    "dependency-outage",
    /\b(outage (at|of|in) (our|the|a) (provider|upstream|vendor|third)|(affected|impacted|caused) by (an |the )?(outage|issue|disruption|incident)s? (at|with|in)|downstream|upstream|depend(s|ed|ent|ency|encies))\b/gi,
  ],
  [
    "ebs",
    /\b(ebs|block stor\w+|volumes?|storage (nodes?|layer|cluster|servers?)|object stor\w+|re-?mirror\w*)\b/gi,
  ],
];

/** The concepts that a text speaks of, and how often. */
export function conceptsIn(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [concept, words] of CONCEPTS) {
    const times = text.match(words)?.length ?? 0;
    if (times > 0) found.set(concept, times);
  }
  return found;
}
