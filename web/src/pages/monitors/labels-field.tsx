import { useState } from "react";
import { Input } from "../../ui/input.tsx";

const wordsOf = (labels: Record<string, string>): string =>
  Object.entries(labels)
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`))
    .join(", ");

function labelsOf(text: string): Record<string, string> {
  const pairs = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const [name = "", ...value] = part.split("=");
      return [name.trim(), value.join("=").trim()];
    });
  return Object.fromEntries(pairs) as Record<string, string>;
}

/** Labels as one line: "env=production, public". */
export function LabelsField({
  labels,
  onChange,
  help = "To filter and to silence by.",
}: {
  labels: Record<string, string>;
  help?: string;
  onChange: (labels: Record<string, string>) => void;
}) {
  const [text, setText] = useState(() => wordsOf(labels));
  return (
    <Input
      label="Labels"
      pointer="/labels"
      help={help}
      placeholder="env=production, public"
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        onChange(labelsOf(event.target.value));
      }}
    />
  );
}
