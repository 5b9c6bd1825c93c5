import { sqlExample, sqlFields } from "../sql/docs.ts";
import { MYSQL_PORT } from "./connect.ts";

export const mysqlExample = sqlExample("mysql");

export const mysqlDocs = `\
Signs in to a MySQL or MariaDB database and runs one query, over a connection of its own. So a server that accepts
connections but lets nobody in, or has no connection left, is noticed; a plain TCP check calls it well.

\`\`\`yaml
${mysqlExample}\`\`\`

${sqlFields(MYSQL_PORT)}
**Time.** The server is told to end a statement after nine tenths of what the check has left (\`max_execution_time\` in
MySQL, where it holds for \`select\` only; \`max_statement_time\` in MariaDB), so a query that takes too long doesn't
go on after the check has given up.

**Failures** carry the server's own error number:

| reason begins | number | what it means |
| --- | --- | --- |
| \`[sign-in]\` | 1045 | wrong password, or no such user |
| \`[sign-in]\` | 1044, 1049 | no such database, or the user may not use it |
| \`[sign-in]\` | 1040, 1203 | too many connections |
| \`[sign-in]\` | 1129, 1130 | the server refuses this machine |
| \`[sign-in]\` | 3159 | the server wants TLS: set \`tls: true\` |
| \`[query]\` | 1146 | no such table |
| \`[query]\` | 1142 | the user may not read it |
| \`[query]\` | 1792 | the query wants to write |
| \`[timeout]\` | 1969, 3024 | the query took too long and was cancelled |
| \`[tls]\` | | the server offers no TLS, or shows a certificate that this machine does not trust |
| \`[protocol]\` | | something else listens on that port |

Sign-in is by \`mysql_native_password\`, \`caching_sha2_password\` or \`sha256_password\`, not by MariaDB's \`ed25519\`, and
never with the password in clear over a plain connection; use \`tls\` wherever the network is not your own.
`;
