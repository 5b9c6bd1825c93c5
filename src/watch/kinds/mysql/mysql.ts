import { defineKind } from "../kind.ts";
import { describeSql, sqlConfig, sqlForm, sqlSecrets } from "../sql/config.ts";
import { checkMysql } from "./check.ts";
import { MYSQL_PORT } from "./connect.ts";
import { mysqlDocs, mysqlExample } from "./docs.ts";

export const mysql = defineKind({
  id: "mysql",
  label: "MySQL or MariaDB",
  schema: sqlConfig,
  form: sqlForm(MYSQL_PORT),
  docs: mysqlDocs,
  example: mysqlExample,
  secrets: sqlSecrets,
  host: ({ host }) => host,
  describe: (config) => describeSql(config, { label: "MySQL", port: MYSQL_PORT }),
  check: checkMysql,
});
