import { monitorKinds } from "../src/watch/kinds/index.ts";
import type { MonitorKind } from "../src/watch/kinds/kind.ts";

const HEAD = `# Kinds of monitors

What each kind looks at, its keys, and an example. Made from the kinds themselves by \`npm run docs\`; change them there. What
all monitors have in common is in [configuration as code](configuration.md), what makes one down in
[when is it down?](judgement.md).
`;

/** docs/kinds.md: every kind's own words, in the order in which they are offered. */
export function kindsPage(kinds: readonly MonitorKind[] = monitorKinds): string {
  const contents = kinds.map(({ id, label }) => `- [${label}](#${anchorOf(label, id)}): \`${id}\``);
  return `${[HEAD, ...contents, "", ...kinds.map(section)].join("\n").trimEnd()}\n`;
}

const heading = ({ label, id }: Pick<MonitorKind, "label" | "id">): string => `${label} (\`${id}\`)`;

/** As GitHub makes it of a heading. */
const anchorOf = (label: string, id: string): string =>
  heading({ label, id })
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");

function section(kind: MonitorKind): string {
  const docs = kind.docs.trim().replace(/^(#+) /gm, "##$1 ");
  const example = docs.includes("```yaml") ? "" : `\n\`\`\`yaml\n${kind.example.trim()}\n\`\`\`\n`;
  return `## ${heading(kind)}\n\n${docs}\n${example}`;
}
