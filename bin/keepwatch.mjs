#!/usr/bin/env node
import { bootstrap } from "./bootstrap.mjs";
import { needsWeb } from "./stale.mjs";

const args = process.argv.slice(2);
await bootstrap("src/main.ts", args, { web: needsWeb(args) ? "wanted" : "unused" });
