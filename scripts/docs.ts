/** `npm run docs`: writes the pages of the manual that are made from the program. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { channelsPage } from "./channels-page.ts";
import { integrationsPage } from "./integrations-page.ts";
import { kindsPage } from "./kinds-page.ts";

const docs = join(import.meta.dirname, "../docs");
await writeFile(join(docs, "kinds.md"), kindsPage());
await writeFile(join(docs, "channels.md"), channelsPage());
await writeFile(join(docs, "integrations.md"), integrationsPage());
