import { Document, isScalar, visit } from "yaml";
import type { DbOrTx } from "../platform/database/database.ts";
import { SECTIONS, type Section } from "./document.ts";
import { maskSecrets } from "./secrets.ts";
import type { SectionContext } from "./section.ts";
import { sections } from "./sections/index.ts";
import { escapeReferences, UNCHANGED } from "./variables.ts";

const HEADER = ` Everything that Keepwatch keeps as configuration. Check it with \`keepwatch plan -f FILE\`, change it, and
 make it so with \`keepwatch apply -f FILE\`. What has its default is left out. \`!secret unchanged\` stands for a secret
 that the server has; to apply this elsewhere, put the secret or a \${VARIABLE} in its place.`;

/** Everything as one YAML document in a stable order: the sections as they are applied, entries by slug or address. */
export async function exportConfig(db: DbOrTx, context: SectionContext): Promise<string> {
  const content: Partial<Record<Section, unknown>> & { keepwatch: 1 } = { keepwatch: 1 };
  for (const name of SECTIONS) {
    const stored = await sections[name].read(db, context);
    const entries = stored.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ entry }) => entry);
    if (entries.length > 0)
      content[name] = entries.map((entry) => maskSecrets(sections[name].brief(entry), UNCHANGED));
  }
  const document = new Document(content, { aliasDuplicateObjects: false });
  document.commentBefore = HEADER;
  visit(document, {
    Scalar(_key, node) {
      if (!isScalar(node) || typeof node.value !== "string") return;
      if (node.value === UNCHANGED) {
        node.value = "unchanged";
        node.tag = "!secret";
      } else node.value = escapeReferences(node.value);
    },
  });
  return document.toString({ lineWidth: 0 });
}
