import { lazy, Suspense } from "react";
import { Boundary } from "./boundary.tsx";
import { Skeleton } from "./states.tsx";

const Rendered = lazy(async () => ({ default: (await import("./markdown-rendered.tsx")).MarkdownRendered }));

export interface MarkdownProps {
  children: string;
  /** With this, items that begin with "[ ]" are boxes to tick: which are ticked, by their order in the text. */
  ticked?: readonly number[];
  onTick?: (index: number, ticked: boolean) => void;
}

/** Markdown as the page's own elements; raw HTML in it is shown as text. The parser loads on first use. */
export const Markdown = (props: MarkdownProps) => (
  <Boundary fallback={<p className="break-words whitespace-pre-wrap">{props.children}</p>}>
    <Suspense fallback={<Skeleton className="h-16 w-full" />}>
      <Rendered {...props} />
    </Suspense>
  </Boundary>
);
