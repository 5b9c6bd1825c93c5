import type { Postmortem } from "../../lib/types.ts";
import { Markdown } from "../../ui/markdown.tsx";
import { ActionItems } from "./action-items.tsx";
import { Contents } from "./contents.tsx";
import { FactCharts } from "./fact-charts.tsx";
import { FactsAside } from "./facts-aside.tsx";
import { FactsTimeline } from "./facts-timeline.tsx";
import { ReadingHeader } from "./reading-header.tsx";
import { SECTIONS } from "./sections.ts";

const H2 = "mb-3 text-lg font-semibold tracking-tight scroll-mt-[calc(var(--header-h)+1.5rem)]";

/** To read: one measured column, the contents at its left, the facts at its right. */
export function ReadingView({
  postmortem,
  onWrite,
}: {
  postmortem: Postmortem;
  onWrite: (() => void) | undefined;
}) {
  const written = SECTIONS.filter(({ name }) => (postmortem.sections[name] ?? "").trim() !== "");
  const { facts } = postmortem;
  const entries = [
    ...written.map(({ name, title }) => ({ id: name, title })),
    ...(facts.charts.length > 0 ? [{ id: "response-times", title: "Response times" }] : []),
    { id: "timeline", title: "Timeline" },
    { id: "actions", title: "Action items" },
  ];
  return (
    <div className="grid gap-x-10 lg:grid-cols-[11rem_minmax(0,44rem)_minmax(13rem,1fr)] print:flex print:flex-col">
      <div className="lg:col-start-2">
        <ReadingHeader postmortem={postmortem} onWrite={onWrite} />
      </div>
      <div className="max-lg:hidden lg:row-start-2 print:hidden">
        <Contents entries={entries} />
      </div>
      <article className="flex min-w-0 flex-col gap-10 max-lg:order-3 lg:col-start-2 lg:row-start-2 print:order-3">
        {written.map(({ name, title }) => (
          <section key={name} aria-labelledby={name}>
            <h2 id={name} className={H2}>
              {title}
            </h2>
            <Markdown>{postmortem.sections[name] ?? ""}</Markdown>
          </section>
        ))}
        <FactCharts facts={facts} headingClass={H2} />
        <section aria-labelledby="timeline">
          <h2 id="timeline" className={H2}>
            Timeline
          </h2>
          <FactsTimeline facts={facts} />
        </section>
        <section aria-labelledby="actions">
          <h2 id="actions" className={H2}>
            Action items
          </h2>
          <ActionItems postmortem={postmortem} />
        </section>
      </article>
      <div className="max-lg:order-2 max-lg:mb-8 lg:col-start-3 lg:row-start-2 print:order-2 print:mb-8">
        <FactsAside postmortem={postmortem} />
      </div>
    </div>
  );
}
