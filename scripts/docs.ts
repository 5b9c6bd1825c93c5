/** `npm run docs`: writes the pages of the manual that are made from the program. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { kindsPage } from "./kinds-page.ts";

await writeFile(join(import.meta.dirname, "../docs/kinds.md"), kindsPage());
