import { Plus, Trash2 } from "lucide-react";
import type { SimulatedAnswer } from "../../lib/types.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Select } from "../../ui/input.tsx";

const WAITS = ["0s", "1m", "3m", "5m", "10m", "30m", "1h"] as const;
const WORDS: Record<(typeof WAITS)[number], string> = {
  "0s": "at once",
  "1m": "after 1 minute",
  "3m": "after 3 minutes",
  "5m": "after 5 minutes",
  "10m": "after 10 minutes",
  "30m": "after 30 minutes",
  "1h": "after 1 hour",
};

/** "And Ada acknowledges after 3 minutes": who answers in a simulation. */
export function AnswersField({
  people,
  value,
  onChange,
}: {
  people: readonly { email: string; name: string }[];
  value: readonly SimulatedAnswer[];
  onChange: (value: SimulatedAnswer[]) => void;
}) {
  const [first] = people;
  const add = () => {
    const unused = people.find(({ email }) => !value.some(({ person }) => person === email)) ?? first;
    if (unused) onChange([...value, { person: unused.email, does: "acknowledge", after: "3m" }]);
  };
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-1.5 text-sm font-medium">Who answers</legend>
      {value.length === 0 && <p className="text-sm text-muted">Nobody does.</p>}
      {value.map((answer, at) => (
        <Answer
          // biome-ignore lint/suspicious/noArrayIndexKey: an answer is its place
          key={at}
          answer={answer}
          people={people}
          pointer={`/answers/${at}`}
          onChange={(next) => onChange(value.with(at, next))}
          onRemove={() => onChange(value.toSpliced(at, 1))}
        />
      ))}
      {first && (
        <div>
          <Button size="sm" className="max-sm:h-11" onClick={add}>
            <Plus size={15} aria-hidden /> {value.length === 0 ? "Somebody answers" : "And somebody else"}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

interface AnswerProps {
  answer: SimulatedAnswer;
  people: readonly { email: string; name: string }[];
  pointer: string;
  onChange: (answer: SimulatedAnswer) => void;
  onRemove: () => void;
}

function Answer({ answer, people, pointer, onChange, onRemove }: AnswerProps) {
  return (
    <div className="flex flex-col gap-2 rounded-md bg-sunken p-3">
      <div className="flex items-start gap-2">
        <Select
          label="Person"
          hideLabel
          pointer={`${pointer}/person`}
          className="min-w-0 flex-1"
          value={answer.person}
          onChange={(person) => onChange({ ...answer, person })}
          options={people.map(({ email, name }) => ({ value: email, label: name }))}
        />
        <IconButton
          label="Remove this answer"
          icon={<Trash2 size={16} />}
          className="max-sm:size-11"
          onClick={onRemove}
        />
      </div>
      <div className="grid grid-cols-2 gap-2">
        <Select
          label="What they do"
          hideLabel
          pointer={`${pointer}/does`}
          value={answer.does ?? "acknowledge"}
          onChange={(does) => onChange({ ...answer, does: does as NonNullable<SimulatedAnswer["does"]> })}
          options={[
            { value: "acknowledge", label: "acknowledges" },
            { value: "resolve", label: "resolves" },
          ]}
        />
        <Select
          label="How long after their page"
          hideLabel
          pointer={`${pointer}/after`}
          value={answer.after ?? "0s"}
          onChange={(after) => onChange({ ...answer, after })}
          options={WAITS.map((wait) => ({ value: wait, label: WORDS[wait] }))}
        />
      </div>
    </div>
  );
}
