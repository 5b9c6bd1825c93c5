import { readFileSync } from "node:fs";
import { join } from "node:path";

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8")) as {
  version: string;
};

/** Keepwatch's own version, as package.json has it. */
export const VERSION: string = manifest.version;
