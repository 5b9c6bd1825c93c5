import { sqlExample, sqlFields } from "../sql/docs.ts";
import { POSTGRES_PORT } from "./connect.ts";

export const postgresExample = sqlExample("postgres");

export const postgresDocs = `\
Signs in to a PostgreSQL database and runs one query, over a connection of its own. So a server that accepts
connections but lets nobody in, or has no connection left, is noticed; a plain TCP check calls it well.

\`\`\`yaml
${postgresExample}\`\`\`

${sqlFields(POSTGRES_PORT)}
**Time.** \`statement_timeout\` is set to nine tenths of what the check has left, so a query that takes too long is
ended by the server and doesn't go on after the check has given up.

**Failures** carry the server's own code (SQLSTATE):

| reason begins | code | what it means |
| --- | --- | --- |
| \`[sign-in]\` | 28P01 | wrong password, or no such user |
| \`[sign-in]\` | 28000 | the server's \`pg_hba.conf\` does not let this user in from here, or not without TLS |
| \`[sign-in]\` | 3D000 | no such database |
| \`[sign-in]\` | 53300 | too many connections |
| \`[sign-in]\` | 57P03 | starting up, or recovering |
| \`[query]\` | 42P01 | no such table |
| \`[query]\` | 42501 | the user may not read it |
| \`[query]\` | 25006 | the query wants to write |
| \`[timeout]\` | 57014 | the query took too long and was cancelled |
| \`[tls]\` | | the server offers no TLS, or shows a certificate that this machine does not trust |
| \`[protocol]\` | | something else listens on that port |

It works through PgBouncer as well. Passwords are sent as SCRAM-SHA-256 or MD5 asks for them, and in clear only
if the server insists; use \`tls\` wherever the network is not your own.
`;
