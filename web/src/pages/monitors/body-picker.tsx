import { useMemo } from "react";

/** A part of the answer to expect from now on: a piece of its text, or a JSON field with its value. */
export type Pick =
  | { kind: "text"; text: string }
  | { kind: "json"; path: string; value: string | number | boolean | null };

/** The body of an answer; a click on a word, a selection, or a JSON field picks it. */
export function BodyPicker({ body, onPick }: { body: string; onPick: (pick: Pick) => void }) {
  const json = useMemo(() => parse(body), [body]);
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm text-muted">
        {json === undefined
          ? "Click a word, or select a passage, to expect it in every answer."
          : "Click a value to expect it in every answer."}
      </p>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="The answer's body"
        className="max-h-96 overflow-auto rounded-md border border-line bg-sunken px-3 py-2.5 font-mono text-xs leading-5"
      >
        {json === undefined ? (
          <Words body={body} onPick={onPick} />
        ) : (
          <Json value={json} path="$" onPick={onPick} />
        )}
      </section>
    </div>
  );
}

function parse(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const SHORTEST = 3;

function Words({ body, onPick }: { body: string; onPick: (pick: Pick) => void }) {
  const pick = (event: React.MouseEvent) => {
    const selected = window.getSelection()?.toString().trim() ?? "";
    const word = (event.target as Element).closest("[data-word]")?.textContent ?? "";
    const text = selected === "" ? word : selected.split("\n")[0]?.trim();
    if (text && text.length >= SHORTEST) onPick({ kind: "text", text });
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a shortcut with the pointer; the field "Body contains" does the same by keyboard
    <pre className="break-words whitespace-pre-wrap" onClick={pick}>
      {body.split(/([\p{L}\p{N}]+)/u).map((piece, index) =>
        index % 2 === 1 && piece.length >= SHORTEST ? (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: the text is fixed
            key={index}
            data-word
            className="cursor-pointer rounded-sm hover:bg-brand-soft hover:text-brand-text"
          >
            {piece}
          </span>
        ) : (
          piece
        ),
      )}
    </pre>
  );
}

/** A key as a step of a JSON path. */
const step = (key: string): string =>
  /^[A-Za-z_][\w-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;

function Json({ value, path, onPick }: { value: unknown; path: string; onPick: (pick: Pick) => void }) {
  if (Array.isArray(value))
    return (
      <Nested
        entries={value.map((item, index) => [String(index), item, `${path}[${index}]`])}
        brackets="[]"
        onPick={onPick}
      />
    );
  if (typeof value === "object" && value !== null)
    return (
      <Nested
        entries={Object.entries(value).map(([key, item]) => [key, item, path + step(key)])}
        brackets="{}"
        onPick={onPick}
      />
    );
  const leaf = value as string | number | boolean | null;
  return (
    <button
      type="button"
      title={`Expect ${path}`}
      onClick={() => onPick({ kind: "json", path, value: leaf })}
      className="rounded-sm text-left break-all hover:bg-brand-soft hover:text-brand-text"
    >
      {JSON.stringify(leaf)}
    </button>
  );
}

const MOST = 100;

const Nested = ({
  entries,
  brackets,
  onPick,
}: {
  entries: [string, unknown, string][];
  brackets: "[]" | "{}";
  onPick: (pick: Pick) => void;
}) => (
  <span>
    {brackets[0]}
    <span className="block pl-4">
      {entries.slice(0, MOST).map(([key, item, path]) => (
        <span key={path} className="block">
          <span className="text-muted">{key}: </span>
          <Json value={item} path={path} onPick={onPick} />
        </span>
      ))}
      {entries.length > MOST && <span className="block text-faint">… and {entries.length - MOST} more</span>}
    </span>
    {brackets[1]}
  </span>
);
