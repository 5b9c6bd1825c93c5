/** A way to ping, ready to paste. */
export interface Snippet {
  id: string;
  label: string;
  /** Where it goes and what to change in it. */
  hint: string;
  text: string;
}

/** Ten seconds at the most, again after hiccups, silent unless it fails: a ping never holds a job up. */
const CURL = "curl -fsS -m 10 --retry 5 -o /dev/null";
const NIGHTLY = "0 3 * * *";

/** Ways to ping for one heartbeat, with its own addresses and, where it has one, its own cron expression. */
export function snippetsOf({
  ping,
  push,
  cron = NIGHTLY,
}: {
  ping: string;
  push: string | null;
  cron?: string;
}): Snippet[] {
  const all = [crontab(ping, cron), shell(ping), systemd(ping), powershell(ping), python(ping)];
  return push === null ? all : [...all, kuma(push)];
}

const crontab = (ping: string, cron: string): Snippet => ({
  id: "cron",
  label: "Crontab",
  hint: "Pings when the job ended well. Put your own command in place of backup.sh.",
  text: `${cron} /usr/local/bin/backup.sh && ${CURL} ${ping}`,
});

const shell = (ping: string): Snippet => ({
  id: "shell",
  label: "Shell",
  hint: "Tells when the job starts, its exit status and the end of its output: how long it took, and why it failed.",
  text: `#!/bin/sh
url="${ping}"

${CURL} "$url/start"
output=$(/usr/local/bin/backup.sh 2>&1)
status=$?
printf '%s' "$output" | tail -c 10000 |
  ${CURL} --data-binary @- "$url/$status"
exit "$status"`,
});

const systemd = (ping: string): Snippet => ({
  id: "systemd",
  label: "systemd",
  hint: "The service that your timer starts. ExecStopPost runs however it ended; OnSuccess tells of success alone.",
  text: `# /etc/systemd/system/backup.service
[Unit]
Description=Backup

[Service]
Type=oneshot
ExecStartPre=-/usr/bin/${CURL} ${ping}/start
ExecStart=/usr/local/bin/backup.sh
ExecStopPost=-/bin/sh -c 'test "$$SERVICE_RESULT" = success && end=0 || end=fail; ${CURL} "${ping}/$$end"'

# Or, in place of ExecStartPre and ExecStopPost (systemd 249 or newer), under [Unit]:
#   OnSuccess=backup-ping.service
# and in /etc/systemd/system/backup-ping.service:
#   [Service]
#   Type=oneshot
#   ExecStart=/usr/bin/${CURL} ${ping}`,
});

const powershell = (ping: string): Snippet => ({
  id: "powershell",
  label: "PowerShell",
  hint: "For the task scheduler of Windows. Put your own program in place of backup.exe.",
  text: `$url = "${ping}"

Invoke-RestMethod -Uri "$url/start" -TimeoutSec 10 | Out-Null
$output = & C:\\Jobs\\backup.exe 2>&1 | Out-String
$status = $LASTEXITCODE
$end = if ($status -eq 0) { "0" } else { "fail" }
Invoke-RestMethod -Method Post -Uri "$url/$end" -Body $output -ContentType "text/plain; charset=utf-8" -TimeoutSec 10 | Out-Null
exit $status`,
});

const python = (ping: string): Snippet => ({
  id: "python",
  label: "Python",
  hint: "Needs nothing but Python 3. Put your own work in place of run_backup().",
  text: `import urllib.request

URL = "${ping}"


def ping(end="", body=""):
    try:
        urllib.request.urlopen(URL + end, data=body.encode(), timeout=10).close()
    except OSError as error:
        print(f"The ping failed: {error}")


ping("/start")
try:
    run_backup()
except BaseException as error:
    ping("/fail", repr(error))
    raise
ping()`,
});

const kuma = (push: string): Snippet => ({
  id: "kuma",
  label: "Uptime Kuma",
  hint: "For what pushes to Uptime Kuma already: the same parameters, another address.",
  text: `${CURL} "${push}?status=up&msg=OK&ping="

# It failed:
${CURL} "${push}?status=down&msg=disk+full"`,
});
