import { createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { databaseHome } from "../main/foundation.ts";
import { writeBackup } from "../platform/backup/write.ts";
import { systemClock } from "../platform/clock.ts";
import { keptSecret } from "../platform/data-dir.ts";
import { silentLog } from "../platform/log.ts";
import { VERSION } from "../version.ts";
import { connectClient } from "./client.ts";
import { type Command, type CommandContext, readArgs } from "./command.ts";

/** From the running Keepwatch if there is one, otherwise from its database directly. */
async function source(context: CommandContext): Promise<{ stream: Readable; close: () => Promise<void> }> {
  const client = await connectClient(context);
  if (client) {
    const response = await client.raw("GET", "/backup");
    if (!response.body) throw new Error("The server sent no backup.");
    return {
      stream: Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]),
      close: async () => {},
    };
  }
  const environment = context.environment();
  const home = await databaseHome(environment, silentLog);
  const secret = environment.secret ? undefined : await keptSecret(environment.dataDir, "secret-key");
  const stream = writeBackup({ url: home.url, version: VERSION, now: systemClock.now(), secret });
  return { stream, close: () => home.stop() };
}

export const backup: Command = {
  name: "backup",
  usage: "FILE [--json]",
  summary: "Write everything into one file",
  async run(context) {
    const { positionals, values } = readArgs(context.args, { json: { type: "boolean" } }, { min: 1 });
    const file = positionals[0] ?? "";
    const { stream, close } = await source(context);
    try {
      await pipeline(stream, createWriteStream(`${file}.new`, { mode: 0o600 }));
      await rename(`${file}.new`, file);
    } catch (error) {
      await rm(`${file}.new`, { force: true });
      throw error;
    } finally {
      await close();
    }
    const { size } = await stat(file);
    context.print(
      values.json
        ? JSON.stringify({ file, bytes: size })
        : `Wrote ${file} (${Math.ceil(size / 1024)} KB). Guard it: it holds everything.`,
    );
    return 0;
  },
};
