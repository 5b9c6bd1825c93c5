import type { Address } from "./address.ts";
import type { Paths } from "./paths.ts";

export type Settings = Record<string, string>;

/** Small, because Keepwatch is one installation's tool; safe, because a pager must not forget. */
const SETTINGS: Settings = {
  shared_buffers: "64MB",
  max_connections: "60",
  huge_pages: "off",
  io_method: "sync",
  max_worker_processes: "2",
  max_parallel_workers_per_gather: "0", // parallel queries want /dev/shm, of which containers have little
  jit: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_logical_replication_workers: "0",
  max_wal_size: "512MB",
  fsync: "on",
  full_page_writes: "on",
  synchronous_commit: "on",
  TimeZone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
};

/** All settings are on the command line, where `postmaster.opts` shows them and no edit of a file is in the way. */
export function argumentsOf(paths: Paths, address: Address, settings: Settings): string[] {
  const listen: Settings =
    address.kind === "socket"
      ? {
          listen_addresses: "",
          unix_socket_directories: quoted(address.folder),
          unix_socket_permissions: "0700",
        }
      : { listen_addresses: "127.0.0.1", unix_socket_directories: "" };
  const all = {
    cluster_name: paths.clusterName,
    port: String(address.port),
    ...listen,
    ...SETTINGS,
    ...settings,
  };
  return ["-D", paths.cluster, ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

/** As an entry of a list, in which a bare comma or space would end it. */
const quoted = (folder: string): string => `"${folder.replaceAll('"', '""')}"`;
