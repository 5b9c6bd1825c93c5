import { Plus, Trash2 } from "lucide-react";
import { useId, useState } from "react";
import { getAt, pointerOf, setAt } from "../lib/pointer.ts";
import { parseScalar, scalarText } from "../lib/scalar.ts";
import type { FormField } from "../lib/types.ts";
import { Button, IconButton } from "./button.tsx";
import { Switch } from "./choice.tsx";
import { useFieldError } from "./field.tsx";
import { Input, Select, Textarea } from "./input.tsx";
import { MonitorsField } from "./monitors-field.tsx";

type Fields = Record<string, unknown>;

interface FieldsProps {
  form: readonly FormField[];
  fields: Fields;
  onChange: (fields: Fields) => void;
  /** JSON pointer of what the fields stand in: errors are found by it. */
  base?: string;
}

/** The form of any kind, drawn from its description. An emptied field is left out of what is sent. */
export function KindFields({ form, fields, onChange, base = "" }: FieldsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {form.map((field) => (
        <div key={field.name} className={isWide(field) ? "sm:col-span-2" : undefined}>
          <OneField
            field={field}
            value={getAt(fields, field.name)}
            pointer={base + pointerOf(field.name)}
            onChange={(value) => onChange(setAt(fields, field.name, value))}
          />
        </div>
      ))}
    </div>
  );
}

const isWide = (field: FormField): boolean =>
  ["url", "textarea", "pairs", "texts", "monitors", "list", "boolean"].includes(field.type);

interface OneProps {
  field: FormField;
  value: unknown;
  pointer: string;
  onChange: (value: unknown) => void;
}

const asText = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

function OneField({ field, value, pointer, onChange }: OneProps) {
  const common = {
    label: field.label,
    help: field.help,
    pointer,
    placeholder: field.placeholder ?? asText(field.default),
  };
  switch (field.type) {
    case "boolean":
      return (
        <Switch
          label={field.label}
          help={field.help}
          pointer={pointer}
          // An object says how it is on; it stays as it is until the switch is turned off.
          checked={typeof value === "boolean" ? value : isObject(value) || field.default === true}
          onChange={(on) => onChange(on === (field.default === true) ? undefined : on)}
        />
      );
    case "select":
      return (
        <Select
          label={field.label}
          help={field.help}
          pointer={pointer}
          value={asText(value ?? field.default)}
          onChange={(chosen) => onChange(chosen === field.default ? undefined : chosen)}
          options={(field.options ?? []).map((option) => ({ value: option, label: option }))}
        />
      );
    case "textarea":
      return (
        <Textarea
          {...common}
          mono
          value={asText(value)}
          onChange={(event) => onChange(event.target.value || undefined)}
        />
      );
    case "number":
      return (
        <Input
          {...common}
          type="number"
          min={field.min}
          max={field.max}
          value={asText(value)}
          onChange={(event) => onChange(event.target.value === "" ? undefined : Number(event.target.value))}
        />
      );
    case "pairs":
      return <Pairs {...{ field, value, pointer, onChange }} />;
    case "texts":
      return <Texts common={common} value={value} onChange={onChange} />;
    case "monitors":
      return (
        <MonitorsField label={field.label} pointer={pointer} chosen={linesOf(value)} onChange={onChange} />
      );
    case "list":
      return <Repeated {...{ field, value, pointer, onChange }} />;
    case "scalar":
      return <Scalar common={common} value={value} onChange={onChange} />;
    default:
      return (
        <Input
          {...common}
          type={field.type === "secret" ? "password" : "text"}
          inputMode={field.type === "url" ? "url" : undefined}
          autoComplete="off"
          spellCheck={false}
          mono={field.type === "url"}
          value={asText(value)}
          onChange={(event) => onChange(event.target.value || undefined)}
        />
      );
  }
}

interface Common {
  label: string;
  help: string | undefined;
  pointer: string;
  placeholder: string;
}

interface TypedProps extends Pick<OneProps, "value" | "onChange"> {
  common: Common;
}

/** Text, a number, true, false or null: whatever the text reads as. */
function Scalar({ common, value, onChange }: TypedProps) {
  return (
    <Input
      {...common}
      autoComplete="off"
      spellCheck={false}
      value={scalarText(value)}
      onChange={(event) => onChange(event.target.value === "" ? undefined : parseScalar(event.target.value))}
    />
  );
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;

const linesOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(asText) : asText(value) === "" ? [] : [asText(value)];

/** Several texts, one a line. What is typed stays on screen as it is; empty lines are not sent. */
function Texts({ common, value, onChange }: TypedProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const linesIn = (text: string) =>
    text
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
  const stored = linesOf(value).join("\n");
  const shown = typed !== null && linesIn(typed).join("\n") === stored ? typed : stored;
  return (
    <Textarea
      {...common}
      help={[common.help, "One a line."].filter(Boolean).join(" ")}
      mono
      value={shown}
      onChange={(event) => {
        const text = event.target.value;
        setTyped(text);
        const lines = linesIn(text);
        onChange(lines.length === 0 ? undefined : lines);
      }}
    />
  );
}

const pairsOf = (value: unknown): [string, string][] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).map(([key, text]) => [key, asText(text)])
    : [];

/** Names with values. A row without a name is kept on screen, not in the value. */
function Pairs({ field, value, pointer, onChange }: OneProps) {
  const [rows, setRows] = useState(pairsOf(value));
  const put = (next: [string, string][]) => {
    setRows(next);
    const named = next.filter(([name]) => name !== "");
    onChange(named.length === 0 ? undefined : Object.fromEntries(named));
  };
  return (
    <ListFrame field={field} pointer={pointer} onAdd={() => setRows([...rows, ["", ""]])}>
      {rows.map(([name, text], at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; names change while one types
        <div key={at} className="flex gap-2">
          <Input
            label="Name"
            hideLabel
            placeholder="Name"
            className="flex-1"
            value={name}
            onChange={(event) => put(rows.with(at, [event.target.value, text]))}
          />
          <Input
            label="Value"
            hideLabel
            placeholder="Value"
            className="flex-[2]"
            pointer={`${pointer}/${escaped(name)}`}
            value={text}
            onChange={(event) => put(rows.with(at, [name, event.target.value]))}
          />
          <IconButton
            label={`Remove ${name || "this row"}`}
            icon={<Trash2 size={16} />}
            onClick={() => put(rows.toSpliced(at, 1))}
          />
        </div>
      ))}
    </ListFrame>
  );
}

function Repeated({ field, value, pointer, onChange }: OneProps) {
  const items = Array.isArray(value) ? (value as Fields[]) : [];
  const put = (next: Fields[]) => onChange(next.length === 0 ? undefined : next);
  return (
    <ListFrame field={field} pointer={pointer} onAdd={() => put([...items, {}])}>
      {items.map((item, at) => (
        <ListItem
          // biome-ignore lint/suspicious/noArrayIndexKey: an item is its place in the list
          key={at}
          form={field.of ?? []}
          fields={item}
          base={`${pointer}/${at}`}
          onChange={(fields) => put(items.with(at, fields))}
          onRemove={() => put(items.toSpliced(at, 1))}
        />
      ))}
    </ListFrame>
  );
}

/** How many fields of an item stand there at first; the others come when they are used or asked for. */
const SHOWN = 2;

function ListItem({ form, fields, base, onChange, onRemove }: FieldsProps & { onRemove: () => void }) {
  const [all, setAll] = useState(false);
  const shown = form.filter((field, at) => all || at < SHOWN || getAt(fields, field.name) !== undefined);
  return (
    <div className="flex items-start gap-2 rounded-md border border-line p-3">
      <div className="flex flex-1 flex-col gap-3">
        <KindFields form={shown} fields={fields} base={base} onChange={onChange} />
        {shown.length < form.length && (
          <Button size="sm" variant="ghost" className="-ml-3 self-start" onClick={() => setAll(true)}>
            More conditions
          </Button>
        )}
      </div>
      <IconButton label="Remove" icon={<Trash2 size={16} />} onClick={onRemove} />
    </div>
  );
}

/** RFC 6901. */
const escaped = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");

function ListFrame({
  field,
  pointer,
  onAdd,
  children,
}: {
  field: FormField;
  pointer: string;
  onAdd: () => void;
  children: React.ReactNode;
}) {
  const error = useFieldError(pointer, undefined);
  const id = useId();
  return (
    <fieldset className="flex flex-col gap-2" aria-describedby={error ? id : undefined}>
      <legend className="mb-1.5 text-sm font-medium">{field.label}</legend>
      {children}
      <div className="flex items-center gap-3">
        <Button size="sm" onClick={onAdd}>
          <Plus size={15} aria-hidden /> Add
        </Button>
        {field.help && <p className="text-sm text-muted">{field.help}</p>}
      </div>
      {error && (
        <p id={id} className="text-sm text-down">
          {error}
        </p>
      )}
    </fieldset>
  );
}
