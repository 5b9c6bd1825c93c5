import { useId, useState } from "react";
import type { Named } from "../lib/types.ts";
import { Checkbox } from "./choice.tsx";
import { useFieldErrorWithin } from "./field.tsx";
import { controlClass } from "./input.tsx";

const SHOWN = 40;

/** Any number of a list's things, found by typing; what is chosen stays in sight. */
export function Picker({
  label,
  pointer,
  things,
  chosen,
  onChange,
}: {
  label: string;
  pointer: string;
  things: readonly Named[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}) {
  const [words, setWords] = useState("");
  const error = useFieldErrorWithin(pointer);
  const id = useId();
  const wanted = words.trim().toLowerCase();
  const known = new Map(things.map((thing) => [thing.slug, thing]));
  const picked = chosen.map((slug) => known.get(slug) ?? { slug, name: slug });
  const found = things.filter(
    ({ slug, name }) => !chosen.includes(slug) && `${name} ${slug}`.toLowerCase().includes(wanted),
  );
  if (things.length + chosen.length === 0) return null;
  const box = ({ slug, name }: Named, on: boolean) => (
    <Checkbox
      key={slug}
      label={name}
      checked={on}
      onChange={(next) => onChange(next ? [...chosen, slug] : chosen.filter((other) => other !== slug))}
    />
  );
  return (
    <fieldset className="min-w-0" aria-describedby={error ? id : undefined}>
      <legend className="mb-1.5 text-sm font-medium">
        {label}
        {chosen.length > 0 && <span className="font-normal text-faint num"> {chosen.length} chosen</span>}
      </legend>
      <div className="overflow-hidden rounded-md border border-line">
        {things.length > 8 && (
          <input
            type="search"
            aria-label={`Find ${label.toLowerCase()}`}
            placeholder="Find by name"
            value={words}
            onChange={(event) => setWords(event.target.value)}
            className={`${controlClass} h-9 rounded-none max-sm:h-11`}
          />
        )}
        <div className="grid max-h-40 gap-2 overflow-y-auto p-3 sm:grid-cols-2">
          {picked.map((thing) => box(thing, true))}
          {found.slice(0, SHOWN).map((thing) => box(thing, false))}
          {found.length > SHOWN && (
            <p className="text-xs text-faint num">{found.length - SHOWN} more: type to find them.</p>
          )}
        </div>
      </div>
      {error && (
        <p id={id} className="mt-1.5 text-sm text-down">
          {error}
        </p>
      )}
    </fieldset>
  );
}
