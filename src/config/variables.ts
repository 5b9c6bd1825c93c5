import { type Document, isPair, isScalar, isSeq, type Scalar, visit } from "yaml";

/** Values for `${NAME}`, taken from the environment of whoever runs the command, never from the server's. */
export type Variables = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The names a text refers to, each once. `$${` is a literal `${`. */
export const referencesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(REFERENCE)].flatMap((match) => (match[1] ? [match[1]] : []))),
];

/** What stands for a secret that the server already has, written by `export`. */
export const UNCHANGED = "!secret unchanged";

/** A text as a document holds it: what looks like a reference is literal. */
export const escapeReferences = (text: string): string => text.replaceAll("${", () => "$${");

/** The document as plain values with each `${NAME}` put in. A name without a value is a problem. */
export function substitute(
  doc: Document.Parsed,
  variables: Variables,
  report: (node: Scalar, path: (string | number)[], message: string) => void,
): unknown {
  const copy = doc.clone();
  visit(copy, {
    Scalar(_key, node, ancestors) {
      const wrong = (message: string) => report(node, pathOf([...ancestors, node]), message);
      if (node.tag === "!secret") {
        if (node.value !== "unchanged")
          wrong("write `!secret unchanged` to keep a stored secret, or the secret itself without a tag");
        node.tag = undefined;
        node.value = UNCHANGED;
        return;
      }
      if (!isScalar(node) || typeof node.value !== "string" || !node.value.includes("${")) return;
      node.value = node.value.replace(REFERENCE, (whole, name: string | undefined) => {
        if (name === undefined) return "${";
        const value = variables[name];
        if (value === undefined)
          wrong(
            `\${${name}} has no value: set the environment variable ${name}, or write $\${ for a literal \${`,
          );
        return value ?? whole;
      });
    },
  });
  return copy.toJS();
}

/** The keys and indexes that lead down a chain of nodes. */
function pathOf(chain: readonly unknown[]): (string | number)[] {
  return chain.flatMap((node, n): (string | number)[] => {
    if (isPair(node)) return [String(node.key)];
    return isSeq(node) ? [node.items.indexOf(chain[n + 1])] : [];
  });
}
