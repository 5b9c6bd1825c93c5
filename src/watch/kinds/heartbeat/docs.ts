export const heartbeatExample = `monitors:
  - slug: nightly-backup
    service: db
    kind: heartbeat
    cron: "0 3 * * *"
    time_zone: Europe/Paris
    grace: 30m
`;

export const heartbeatDocs = `Waits to be told that a job is well, and is down when it isn't told in time. For cron jobs, backups, queue
workers and whatever else can't be asked from outside.

\`\`\`yaml
${heartbeatExample}\`\`\`

**When.** One of \`period\` (\`1h\`: so long from one ping to the next), \`cron\` (five fields, as in the crontab) and
\`on_calendar\` (as in a systemd timer), the last two in \`time_zone\`. \`grace\` is how late a ping may be, \`5m\` unless told,
or the period where that is shorter. Before its first ping a heartbeat is unknown and pages nobody.

**How.** Each heartbeat has a ping URL with a UUID nobody can guess. Any of GET, POST and HEAD:

| address | says |
| --- | --- |
| \`/ping/UUID\` | it went well |
| \`/ping/UUID/start\` | a run begins; its end is due within \`max_runtime\`, or else the grace |
| \`/ping/UUID/fail\` | it failed: down at once |
| \`/ping/UUID/3\` | it ended with exit status 3; 0 is well, anything else a failure |
| \`/ping/UUID/log\` | something to remember; nothing changes |

\`?rid=UUID\` says which run it is, so that runs that overlap have their own durations. What is sent along (the first 10,000
bytes) is kept with the ping and shown with the failure. A ping is stored before it is answered \`OK\`.

\`\`\`sh
curl -fsS -m 10 --retry 5 -o /dev/null https://keepwatch.example.com/ping/UUID            # at the end of a job
curl -fsS -m 10 --retry 5 --data-raw "$(./job 2>&1)" https://keepwatch.example.com/ping/UUID/$?   # its output and exit status
\`\`\`

**By name.** A ping key reaches the heartbeats of its service's team as \`/ping/KEY/SLUG\`, with the same endings. With
\`?create=1\` one that does not exist is made, in the key's service, expected daily with an hour of grace.

**Moving from healthchecks.io or Uptime Kuma.** Give \`uuid\` the UUID of the check's ping URL, or \`token\` the token of the
push URL: then the job changes only the host. \`https://hc-ping.com/UUID\` becomes \`https://keepwatch.example.com/UUID\`, and
\`/api/push/TOKEN?status=up&msg=OK&ping=82\` is read as Uptime Kuma reads it.

**Not our fault, not yours.** While Keepwatch itself did not run, a ping may have come that nobody heard. Then the
heartbeat is unknown until the next one is due as well.

| reason begins | what it means |
| --- | --- |
| \`[ping] none since\` | no ping came in time |
| \`[ping] reported a failure\` | the job said so, with its first line |
| \`[exit status]\` | the job ended with another than 0 |
| \`[run]\` | a run that was started did not end in time |
`;
