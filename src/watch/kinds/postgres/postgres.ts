import { defineKind } from "../kind.ts";
import { describeSql, sqlConfig, sqlForm, sqlSecrets } from "../sql/config.ts";
import { checkPostgres } from "./check.ts";
import { POSTGRES_PORT } from "./connect.ts";
import { postgresDocs, postgresExample } from "./docs.ts";

export const postgres = defineKind({
  id: "postgres",
  label: "PostgreSQL",
  schema: sqlConfig,
  form: sqlForm(POSTGRES_PORT),
  docs: postgresDocs,
  example: postgresExample,
  secrets: sqlSecrets,
  host: ({ host }) => host,
  describe: (config) => describeSql(config, { label: "PostgreSQL", port: POSTGRES_PORT }),
  check: checkPostgres,
});
