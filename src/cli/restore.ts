import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import { databaseHome, MIGRATIONS } from "../main/foundation.ts";
import { restoreBackup } from "../platform/backup/restore.ts";
import { systemClock } from "../platform/clock.ts";
import { prepareDataDir, putSecret } from "../platform/data-dir.ts";
import { readMigrations } from "../platform/database/migrate.ts";
import { silentLog } from "../platform/log.ts";
import { StartError } from "../platform/start-error.ts";
import { type Command, readArgs } from "./command.ts";

export const restore: Command = {
  name: "restore",
  usage: "FILE [--json]",
  summary: "Put a backup into an empty database",
  async run(context) {
    const { positionals, values } = readArgs(context.args, { json: { type: "boolean" } }, { min: 1 });
    const file = positionals[0] ?? "";
    await access(file).catch(() => {
      throw new StartError(`There is no file ${file}.`, "Name a file made by `keepwatch backup`.");
    });
    const environment = context.environment();
    await prepareDataDir(environment.dataDir);
    const home = await databaseHome(environment, silentLog);
    try {
      const { header, rows } = await restoreBackup(createReadStream(file), {
        url: home.url,
        migrations: await readMigrations(MIGRATIONS),
        now: () => systemClock.now(),
      });
      if (header.secret && !environment.secret)
        await putSecret(environment.dataDir, "secret-key", header.secret);
      const result = { rows, made_at: header.made_at, version: header.version };
      context.print(
        values.json
          ? JSON.stringify(result)
          : `Restored ${rows} rows as of ${header.made_at}. Start Keepwatch to go on.`,
      );
      if (!header.secret && !environment.secret) {
        context.complain(
          "The backup was made under a KEEPWATCH_SECRET of its own: set the same one before starting.",
        );
      }
    } finally {
      await home.stop();
    }
    return 0;
  },
};
