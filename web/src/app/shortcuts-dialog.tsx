import { Dialog } from "../ui/dialog.tsx";
import { Kbd } from "../ui/small.tsx";
import { useShortcutList } from "./shortcuts.ts";

/** What the keys do on this page. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const groups = Map.groupBy(useShortcutList(), (shortcut) => shortcut.group);
  return (
    <Dialog open onClose={onClose} title="Keyboard shortcuts">
      <div className="grid gap-6 text-sm sm:grid-cols-2">
        <Group
          name="Lists"
          items={[
            ["↑ ↓", "Walk the rows"],
            ["Enter", "Open the row"],
            ["Esc", "Close the panel"],
          ]}
        />
        {[...groups].map(([name, shortcuts]) => (
          <Group key={name} name={name} items={shortcuts.map(({ keys, label }) => [keys, label])} />
        ))}
      </div>
    </Dialog>
  );
}

const Group = ({ name, items }: { name: string; items: readonly (readonly [string, string])[] }) => (
  <section>
    <h3 className="mb-2 text-xs font-medium text-faint">{name}</h3>
    <dl className="flex flex-col gap-2">
      {items.map(([keys, label]) => (
        <div key={keys} className="flex items-center justify-between gap-4">
          <dt>{label}</dt>
          <dd className="flex gap-1">
            {keys.split(" ").map((key) => (
              <Kbd key={key}>{key}</Kbd>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  </section>
);
