import { useState } from "react";
import type { Postmortem } from "../../lib/types.ts";
import { ActionItems } from "./action-items.tsx";
import { Conflicts } from "./conflicts.tsx";
import { Contents } from "./contents.tsx";
import { FactCharts } from "./fact-charts.tsx";
import { FactsAside } from "./facts-aside.tsx";
import { FactsTimeline } from "./facts-timeline.tsx";
import type { FieldName } from "./merge.ts";
import { missingFrom } from "./missing.ts";
import { PublishChecklist } from "./publish-checklist.tsx";
import { SECTIONS } from "./sections.ts";
import { TitleFields } from "./title-fields.tsx";
import { useManuscript } from "./use-manuscript.ts";
import { WritingHeader } from "./writing-header.tsx";
import { WrittenSection } from "./written-section.tsx";

const H2 = "mb-3 text-lg font-semibold tracking-tight scroll-mt-[calc(var(--header-h)+1.5rem)]";
const ROW = "grid gap-x-10 gap-y-3 lg:grid-cols-[minmax(0,44rem)_minmax(13rem,1fr)]";

/** The same page, to be written in place: the coach in the margin, saved by itself, published when nothing is missing. */
export function WritingView({ postmortem, onRead }: { postmortem: Postmortem; onRead: () => void }) {
  const { manuscript, fields, save, conflicts, epochs } = useManuscript(postmortem);
  const [problems, setProblems] = useState<Partial<Record<FieldName, string>>>({});
  const missing = missingFrom(fields);
  const problemOf = (name: FieldName) => (missing[name] === undefined ? undefined : problems[name]);
  const showProblems = () => {
    setProblems(missing);
    const first = Object.keys(missing)[0];
    document.getElementById(first?.replace("sections.", "") ?? "")?.scrollIntoView({ block: "center" });
  };
  const entries = [
    ...SECTIONS.map(({ name, title }) => ({
      id: name,
      title,
      open: fields[`sections.${name}`].trim() === "",
    })),
    { id: "actions", title: "Action items", open: postmortem.action_items.length === 0 },
    { id: "timeline", title: "Timeline" },
  ];
  return (
    <>
      <h1 className="sr-only">{fields.title}</h1>
      <WritingHeader
        postmortem={postmortem}
        manuscript={manuscript}
        save={save}
        isReady={Object.keys(missing).length === 0}
        onRead={() => void manuscript.save().then(onRead)}
        onNotReady={showProblems}
      />
      {conflicts.length > 0 && <Conflicts names={conflicts} fields={fields} manuscript={manuscript} />}
      <div className="grid gap-x-10 lg:grid-cols-[11rem_minmax(0,1fr)]">
        <div className="max-lg:hidden">
          <Contents entries={entries} />
        </div>
        <div className="flex min-w-0 flex-col gap-10">
          <div className={ROW}>
            <div className="flex min-w-0 flex-col gap-8">
              <TitleFields
                fields={fields}
                headlineProblem={problemOf("headline")}
                onWrite={(name, text) => manuscript.write(name, text)}
              />
              <FactsAside postmortem={postmortem} still />
            </div>
            <div>
              <PublishChecklist postmortem={postmortem} missing={missing} />
            </div>
          </div>
          {SECTIONS.map((section) => {
            const name = `sections.${section.name}` as const;
            return (
              <WrittenSection
                key={section.name}
                section={section}
                className={ROW}
                headingClass={H2}
                text={fields[name]}
                epoch={epochs[name] ?? 0}
                problem={problemOf(name)}
                onWrite={(text) => manuscript.write(name, text)}
              />
            );
          })}
          <div className={ROW}>
            <div>
              <h2 id="actions" className={H2}>
                Action items
              </h2>
              <ActionItems postmortem={postmortem} />
            </div>
            <p className="text-sm text-muted lg:pt-10">
              Few that are done beat many that aren't. Each with one owner, a day, and if it can be a monitor
              that proves it works: it can't be called done while that fails.
            </p>
          </div>
          <div className="max-w-176">
            <FactCharts facts={postmortem.facts} headingClass={H2} />
          </div>
          <div className="max-w-176">
            <h2 id="timeline" className={H2}>
              Timeline
            </h2>
            <FactsTimeline facts={postmortem.facts} />
          </div>
        </div>
      </div>
    </>
  );
}
