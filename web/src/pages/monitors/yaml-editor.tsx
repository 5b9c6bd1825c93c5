import { useState } from "react";
import { Textarea } from "../../ui/input.tsx";
import { CopyButton } from "../../ui/small.tsx";
import type { Draft } from "./draft.ts";
import { readYaml, yamlOf } from "./yaml.ts";

/** The same monitor as code. Without `onChange` it is only shown. */
export function YamlEditor({ draft, onChange }: { draft: Draft; onChange?: (draft: Draft) => void }) {
  const [text, setText] = useState(() => yamlOf(draft));
  const [problem, setProblem] = useState<string>();
  const change = (next: string) => {
    setText(next);
    const read = readYaml(next);
    setProblem(read.ok ? undefined : read.problem);
    if (read.ok) onChange?.(read.draft);
  };
  return (
    <div className="relative">
      <Textarea
        label="Configuration"
        hideLabel
        mono
        rows={Math.max(10, text.split("\n").length + 1)}
        spellCheck={false}
        readOnly={onChange === undefined}
        error={problem}
        help={
          onChange
            ? "What you change here changes the form."
            : "Put it into a file, and keepwatch apply makes the same monitor elsewhere."
        }
        value={text}
        onChange={(event) => change(event.target.value)}
      />
      <div className="absolute top-1.5 right-1.5">
        <CopyButton text={text} label="Copy the YAML" />
      </div>
    </div>
  );
}
