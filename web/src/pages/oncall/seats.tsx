import { ArrowDown, ArrowUp, UserPlus, X } from "lucide-react";
import type { Layer } from "../../lib/types.ts";
import { IconButton } from "../../ui/button.tsx";
import { useFieldError } from "../../ui/field.tsx";
import { Select } from "../../ui/input.tsx";
import { Menu, MenuItem, MenuLabel } from "../../ui/menu.tsx";
import { moved } from "./moved.ts";
import { useNames, usePeopleOptions } from "./people.ts";

type Seat = NonNullable<Layer["users"]>[number];

const VACANT = "nobody";
const peopleOf = (seat: Seat): string[] => (seat === null ? [] : [seat].flat());

/** The ring of turns, in order. A seat may be shared by several people, or stay empty so that the others keep theirs. */
export function Seats({
  seats,
  pointer,
  onChange,
}: {
  seats: readonly Seat[];
  pointer: string;
  onChange: (seats: Seat[]) => void;
}) {
  const nameOf = useNames();
  const people = usePeopleOptions();
  const error = useFieldError(pointer, undefined);
  const share = (at: number, email: string) =>
    onChange(seats.with(at, [...peopleOf(seats[at] ?? null), email]));
  return (
    <div className="flex flex-col gap-2">
      <span className="text-sm font-medium">Who takes turns, in order</span>
      {seats.length > 0 && (
        <ol className="flex flex-col divide-y divide-line rounded-md border border-line">
          {seats.map((seat, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a seat is its place in the ring
            <li key={at} className="flex items-center gap-2 py-1 pr-1 pl-3 text-sm">
              <span className="w-5 shrink-0 text-faint num">{at + 1}</span>
              <span className="min-w-0 flex-1 truncate">
                {seat === null ? (
                  <span className="text-muted">nobody, kept free</span>
                ) : (
                  peopleOf(seat).map(nameOf).join(" and ")
                )}
              </span>
              {seat !== null && (
                <Menu
                  trigger={
                    <IconButton label="Share this turn" size="sm" icon={<UserPlus size={15} />} quiet />
                  }
                >
                  <MenuLabel>Share this turn with</MenuLabel>
                  {people
                    .filter(({ value }) => !peopleOf(seat).includes(value))
                    .map(({ value, label }) => (
                      <MenuItem key={value} onSelect={() => share(at, value)}>
                        {label}
                      </MenuItem>
                    ))}
                </Menu>
              )}
              <IconButton
                label="Earlier"
                size="sm"
                disabled={at === 0}
                icon={<ArrowUp size={15} />}
                onClick={() => onChange(moved(seats, at, at - 1))}
              />
              <IconButton
                label="Later"
                size="sm"
                disabled={at === seats.length - 1}
                icon={<ArrowDown size={15} />}
                onClick={() => onChange(moved(seats, at, at + 1))}
              />
              <IconButton
                label="Take out"
                size="sm"
                icon={<X size={15} />}
                onClick={() => onChange(seats.toSpliced(at, 1))}
              />
            </li>
          ))}
        </ol>
      )}
      <Select
        label="Add a person"
        hideLabel
        error={error}
        value=""
        onChange={(chosen) => chosen !== "" && onChange([...seats, chosen === VACANT ? null : chosen])}
        options={[
          { value: "", label: "Add a person" },
          ...people,
          ...(seats.length > 0 ? [{ value: VACANT, label: "Nobody (keep a turn free)" }] : []),
        ]}
      />
    </div>
  );
}
