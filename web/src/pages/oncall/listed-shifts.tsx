import { ClipboardPaste, Plus, X } from "lucide-react";
import { useState } from "react";
import type { Layer } from "../../lib/types.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Input, Select, Textarea } from "../../ui/input.tsx";
import { type ListedShift, rowsOf } from "./listed-rows.ts";
import { useNames, usePeopleOptions } from "./people.ts";

const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;
const isLocal = (text: string) => text === "" || (LOCAL.test(text) && !/(Z|[+-]\d{2}:?\d{2})$/.test(text));

/** Shifts one by one: typed in, or pasted from a table. */
export function ListedShifts({
  shifts,
  pointer,
  onChange,
}: {
  shifts: readonly ListedShift[];
  pointer: string;
  onChange: (shifts: NonNullable<Layer["shifts"]>) => void;
}) {
  const last = shifts.at(-1);
  const next: ListedShift = { user: "", from: last?.to ?? "", to: "" };
  return (
    <div className="flex flex-col gap-3">
      <Field label="Shifts" pointer={pointer} help="Where shifts overlap, everybody named is on call.">
        {(control) => (
          <ol {...control} className="flex flex-col gap-3">
            {shifts.map((shift, at) => (
              <Row
                // biome-ignore lint/suspicious/noArrayIndexKey: a shift is its place in the list
                key={at}
                shift={shift}
                number={at + 1}
                pointer={`${pointer}/${at}`}
                onChange={(changed) => onChange(shifts.with(at, changed))}
                onRemove={() => onChange(shifts.toSpliced(at, 1))}
              />
            ))}
          </ol>
        )}
      </Field>
      <div className="flex flex-wrap items-start gap-2">
        <Button size="sm" onClick={() => onChange([...shifts, next])}>
          <Plus size={15} aria-hidden /> Add a shift
        </Button>
        <PasteRows onRows={(rows) => onChange([...shifts, ...rows])} />
      </div>
    </div>
  );
}

function Row({
  shift,
  number,
  pointer,
  onChange,
  onRemove,
}: {
  shift: ListedShift;
  number: number;
  pointer: string;
  onChange: (shift: ListedShift) => void;
  onRemove: () => void;
}) {
  const nameOf = useNames();
  const people = usePeopleOptions();
  const { user, users, ...times } = shift;
  // Several people come from configuration or from pasted rows: they stay together until one is chosen instead.
  const together = users ? [{ value: "", label: users.map(nameOf).join(" and ") }] : [];
  const time = (field: "from" | "to", label: string) => (
    <Input
      className="max-sm:col-span-2"
      label={label}
      hideLabel
      pointer={`${pointer}/${field}`}
      type={isLocal(shift[field]) ? "datetime-local" : "text"}
      value={shift[field]}
      onChange={(event) => onChange({ ...shift, [field]: event.target.value })}
    />
  );
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]">
      <Select
        className="sm:col-span-2"
        label={`Who has shift ${number}`}
        hideLabel
        pointer={users ? `${pointer}/users` : `${pointer}/user`}
        value={user ?? ""}
        onChange={(chosen) => chosen !== "" && onChange({ ...times, user: chosen })}
        options={[...(users ? together : [{ value: "", label: "Choose a person" }]), ...people]}
      />
      <IconButton label={`Remove shift ${number}`} size="sm" icon={<X size={15} />} onClick={onRemove} />
      {time("from", `Shift ${number} from`)}
      {time("to", `Shift ${number} until`)}
    </li>
  );
}

/** Rows out of a spreadsheet: who, from, until. */
function PasteRows({ onRows }: { onRows: (rows: ListedShift[]) => void }) {
  const [text, setText] = useState<string | null>(null);
  const people = usePeopleOptions();
  if (text === null)
    return (
      <Button size="sm" onClick={() => setText("")}>
        <ClipboardPaste size={15} aria-hidden /> Paste rows
      </Button>
    );
  const { shifts, unread } = rowsOf(text, people);
  const add = () => {
    onRows(shifts);
    setText(null);
  };
  return (
    <div className="flex w-full flex-col gap-2 rounded-md bg-sunken p-3">
      <Textarea
        label="Rows of who, from and until"
        help="From a spreadsheet, or with commas: Ada Lovelace, 2026-12-24 18:00, 2026-12-26 09:00"
        error={unread[0] && `Line ${unread[0].line} can't be read: ${unread[0].why}`}
        mono
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="flex gap-2">
        <Button size="sm" disabled={shifts.length === 0 || unread.length > 0} onClick={add}>
          Add {shifts.length === 1 ? "1 shift" : `${shifts.length} shifts`}
        </Button>
        <Button size="sm" variant="ghost" onClick={() => setText(null)}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
