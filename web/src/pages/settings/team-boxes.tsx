import { useQuery } from "@tanstack/react-query";
import { Checkbox } from "../../ui/choice.tsx";
import { teamsQuery } from "../services/queries.ts";

/** Teams to tick; nothing at all while there is no team. */
export function TeamBoxes({
  chosen,
  onChange,
}: {
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}) {
  const teams = useQuery(teamsQuery).data?.items ?? [];
  if (teams.length === 0) return null;
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">
        Teams <span className="font-normal text-faint">optional</span>
      </legend>
      <div className="grid max-h-40 gap-2 overflow-y-auto rounded-md border border-line p-3 sm:grid-cols-2">
        {teams.map(({ slug, name }) => (
          <Checkbox
            key={slug}
            label={name}
            checked={chosen.includes(slug)}
            onChange={(on) => onChange(on ? [...chosen, slug] : chosen.filter((other) => other !== slug))}
          />
        ))}
      </div>
    </fieldset>
  );
}
