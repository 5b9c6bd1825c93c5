import type { SectionName } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import type { Manuscript } from "./manuscript.ts";
import type { FieldName, Fields } from "./merge.ts";
import { TITLE_OF } from "./sections.ts";

const NAMES: Partial<Record<FieldName, string>> = {
  title: "Title",
  headline: "Headline",
  severity: "Severity",
  tags: "Tags",
  visibility: "Who may read it",
};

const nameOf = (name: FieldName): string =>
  NAMES[name] ?? TITLE_OF[name.slice("sections.".length) as SectionName];

/** Parts that two people wrote at once: both texts side by side, and the choice. */
export const Conflicts = ({
  names,
  fields,
  manuscript,
}: {
  names: readonly FieldName[];
  fields: Fields;
  manuscript: Manuscript;
}) => (
  <section
    aria-label="Written by two at once"
    className="mb-8 flex flex-col gap-5 rounded-lg bg-degraded-soft p-4 sm:p-5"
  >
    <p className="text-sm text-degraded">
      <strong className="font-semibold">Somebody else wrote the same part.</strong> Everything else is merged.
      Choose which words stay; nothing is lost before you do.
    </p>
    {names.map((name) => (
      <div key={name}>
        <h2 className="mb-2 text-sm font-semibold">{nameOf(name)}</h2>
        <div className="grid gap-3 sm:grid-cols-2">
          <Version
            whose="Yours"
            text={fields[name]}
            verb="Keep mine"
            onChoose={() => manuscript.settle(name, "mine")}
          />
          <Version
            whose="Theirs"
            text={manuscript.theirs(name)}
            verb="Take theirs"
            onChoose={() => manuscript.settle(name, "theirs")}
          />
        </div>
      </div>
    ))}
  </section>
);

const Version = ({
  whose,
  text,
  verb,
  onChoose,
}: {
  whose: string;
  text: string;
  verb: string;
  onChoose: () => void;
}) => (
  <div className="flex flex-col gap-3 rounded-md border border-line bg-surface p-3">
    <span className="text-xs text-faint">{whose}</span>
    <p className="max-h-48 flex-1 overflow-y-auto text-sm break-words whitespace-pre-wrap">
      {text || <span className="text-faint">nothing</span>}
    </p>
    <div>
      <Button size="sm" onClick={onChoose}>
        {verb}
      </Button>
    </div>
  </div>
);
