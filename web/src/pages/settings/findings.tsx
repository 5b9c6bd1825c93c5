import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { findingsQuery, peopleFindingsQuery } from "./queries.ts";

/** What makes it doubtful that pages reach this person; nothing where nothing does. */
export function Findings({ person }: { person: string }) {
  const items = useQuery(findingsQuery(person)).data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <ul aria-label="What could go wrong" className="flex flex-col gap-2">
      {items.map(({ kind, serious, text }) => (
        <li
          key={`${kind} ${text}`}
          className={`flex items-start gap-2.5 rounded-md px-4 py-3 text-sm ${serious ? "bg-down-soft text-down" : "bg-degraded-soft text-degraded"}`}
        >
          <TriangleAlert size={16} className="mt-0.5 shrink-0" aria-hidden />
          {text}
        </li>
      ))}
    </ul>
  );
}

/** Beside a name: that pages may not reach them, and why. */
export function FindingsBadge({ person }: { person: string }) {
  const found = useQuery(peopleFindingsQuery).data?.items.find((item) => item.person.id === person);
  if (!found) return null;
  const serious = found.findings.some((each) => each.serious);
  const why = found.findings.map(({ text }) => text).join("\n");
  return (
    <span title={why} className={`inline-flex shrink-0 ${serious ? "text-down" : "text-degraded"}`}>
      <TriangleAlert size={15} aria-hidden />
      <span className="sr-only">
        {serious ? "Pages may not reach them: " : "Worth a look: "}
        {why}
      </span>
    </span>
  );
}
