import { useState } from "react";
import { cn } from "../../lib/cn.ts";
import { FilterChips } from "../../ui/filter-chips.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { SEVERITY_OPTIONS } from "../incidents/severities.ts";
import { type FieldName, type Fields, tagsOf, withTags } from "./merge.ts";

const PLAIN =
  "field-sizing-content w-full resize-none rounded-md bg-transparent -mx-2 px-2 py-1 placeholder:text-faint hover:bg-hover focus-visible:bg-surface";

/** The title, the one sentence, and how it is filed: written where they will be read. */
export function TitleFields({
  fields,
  headlineProblem,
  onWrite,
}: {
  fields: Fields;
  headlineProblem: string | undefined;
  onWrite: (name: FieldName, text: string) => void;
}) {
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <textarea
        aria-label="Title"
        rows={1}
        maxLength={200}
        placeholder="What happened, as a colleague would say it"
        value={fields.title}
        onChange={(event) => onWrite("title", event.target.value.replaceAll("\n", " "))}
        className={cn(PLAIN, "text-xl leading-tight font-semibold tracking-tight")}
      />
      <textarea
        id="headline"
        aria-label="Headline"
        aria-describedby="headline-help"
        aria-invalid={headlineProblem ? true : undefined}
        rows={1}
        maxLength={300}
        placeholder="The one sentence that everybody will read"
        value={fields.headline}
        onChange={(event) => onWrite("headline", event.target.value.replaceAll("\n", " "))}
        className={cn(
          PLAIN,
          "text-lg leading-snug text-muted",
          headlineProblem && "ring-2 ring-down ring-inset",
        )}
      />
      <p id="headline-help" className={cn("text-sm", headlineProblem ? "text-down" : "text-faint")}>
        {headlineProblem ?? "What users met, for how long, and what made it happen: in one sentence."}
      </p>
      <div className="mt-3 grid items-start gap-4 sm:grid-cols-2">
        <Select
          label="Severity"
          value={fields.severity}
          onChange={(severity) => onWrite("severity", severity)}
          options={SEVERITY_OPTIONS}
        />
        <Select
          label="Who may read it"
          value={fields.visibility}
          onChange={(visibility) => onWrite("visibility", visibility)}
          options={[
            { value: "company", label: "Everybody here" },
            { value: "team", label: "Only its team" },
          ]}
        />
      </div>
      <Tags tags={tagsOf(fields)} onChange={(tags) => onWrite("tags", withTags(tags))} />
    </div>
  );
}

/** Words to find it by; Enter or a comma adds one. */
function Tags({ tags, onChange }: { tags: readonly string[]; onChange: (tags: string[]) => void }) {
  const [text, setText] = useState("");
  const add = () => {
    const word = text.trim().replace(/,$/, "").toLowerCase();
    if (word !== "" && !tags.includes(word)) onChange([...tags, word]);
    setText("");
  };
  return (
    <div className="mt-2 flex flex-col gap-2">
      <Input
        label="Tags"
        optional
        maxLength={40}
        placeholder="cache, deploy, repeat"
        help="Enter adds one. “repeat” marks what happened before."
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={add}
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== ",") return;
          event.preventDefault();
          add();
        }}
      />
      {tags.length > 0 && (
        <FilterChips
          label="Chosen tags; press one to take it out"
          chips={tags.map((tag) => ({ value: tag, label: tag }))}
          selected={tags}
          onChange={onChange}
        />
      )}
    </div>
  );
}
