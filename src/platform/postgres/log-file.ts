import { copyFileSync, statSync, truncateSync } from "node:fs";

const LONGEST_BYTES = 10 * 1024 * 1024;
const LOOK_EVERY_MS = 10 * 60_000;

/**
 * Keeps PostgreSQL's log from filling the disk: past 10 MB it is copied to `<path>.1` and emptied. PostgreSQL
 * holds it open for appending, so it goes on writing at the new end. Returns the function that ends this.
 */
export function keepLogShort(path: string, longestBytes = LONGEST_BYTES): () => void {
  const look = () => {
    try {
      if (statSync(path).size <= longestBytes) return;
      copyFileSync(path, `${path}.1`);
      truncateSync(path);
    } catch {
      // a full disk or a log somebody removed: looked at again next time
    }
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
}
