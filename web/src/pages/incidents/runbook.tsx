import { ArrowUpRight } from "lucide-react";
import { useStored } from "../../lib/stored.ts";
import type { Incident } from "../../lib/types.ts";
import { Card } from "../../ui/card.tsx";
import { Markdown } from "../../ui/markdown.tsx";

/** What to do: a link, or the steps themselves, ticked off in this browser for this incident. */
export function Runbook({ incident }: { incident: Incident }) {
  const { runbook } = incident;
  if (runbook === null) return null;
  return (
    <Card title="Runbook">
      {"url" in runbook ? (
        <a
          href={runbook.url}
          target="_blank"
          rel="noreferrer"
          className="inline-flex max-w-full items-center gap-1.5 text-sm text-brand-text underline underline-offset-4"
        >
          <span className="truncate">{runbook.url}</span>
          <ArrowUpRight size={16} className="shrink-0" aria-hidden />
        </a>
      ) : (
        <Steps incident={incident} markdown={runbook.markdown} />
      )}
    </Card>
  );
}

/** A list without boxes gets them, so that any runbook's steps can be ticked off. */
const withBoxes = (markdown: string): string =>
  /^\s*(?:[-*+]|\d+[.)])\s+\[[ xX]\]\s/m.test(markdown)
    ? markdown
    : markdown.replace(/^(\s*(?:[-*+]|\d+[.)])\s+)(?!\[[ xX]\])/gm, "$1[ ] ");

function Steps({ incident, markdown }: { incident: Incident; markdown: string }) {
  const [kept, keep] = useStored(`runbook.${incident.id}`, "");
  const ticked = kept === "" ? [] : kept.split(",").map(Number);
  return (
    <Markdown
      ticked={ticked}
      onTick={(index, on) =>
        keep((on ? [...ticked, index] : ticked.filter((other) => other !== index)).join(","))
      }
    >
      {withBoxes(markdown)}
    </Markdown>
  );
}
