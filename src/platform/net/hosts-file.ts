import { readFileSync, statSync } from "node:fs";
import { isIP } from "node:net";

/** Name (lower case) → addresses, in the file's order. */
export type Hosts = ReadonlyMap<string, readonly string[]>;

export const HOSTS_PATH =
  process.platform === "win32" ? "C:\\Windows\\System32\\drivers\\etc\\hosts" : "/etc/hosts";

/** How old a look at the file's date may be. */
const LOOK_AGAIN_MS = 5_000;

export function parseHosts(text: string): Hosts {
  const hosts = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const [address, ...names] = line.replace(/#.*$/, "").trim().split(/\s+/);
    if (!address || isIP(address) === 0) continue;
    for (const name of names) {
      const addresses = hosts.get(name.toLowerCase()) ?? [];
      if (!addresses.includes(address)) hosts.set(name.toLowerCase(), [...addresses, address]);
    }
  }
  return hosts;
}

/** Answers from the hosts file, read again when its date changes. A file that can't be read has no names. */
export function hostsFile(path: string, monotonicMs: () => number): (name: string) => readonly string[] {
  let hosts: Hosts = new Map();
  let readOf = "";
  let lookedAt = Number.NEGATIVE_INFINITY;
  const refresh = () => {
    lookedAt = monotonicMs();
    const stat = statSync(path, { throwIfNoEntry: false });
    const version = stat ? `${stat.mtimeMs}/${stat.size}` : "";
    if (version === readOf) return;
    readOf = version;
    hosts = stat ? parseHosts(readFileSync(path, "utf8")) : new Map();
  };
  return (name) => {
    try {
      if (monotonicMs() - lookedAt >= LOOK_AGAIN_MS) refresh();
    } catch {
      hosts = new Map();
    }
    return hosts.get(name.toLowerCase()) ?? [];
  };
}
