import { defaultMarkdownParser } from "prosemirror-markdown";
import { Fragment, useMemo } from "react";
import { cn } from "../lib/cn.ts";
import type { MarkdownProps } from "./markdown.tsx";

type Node = ReturnType<typeof defaultMarkdownParser.parse>;
type Mark = Node["marks"][number];

const LOOK = cn(
  "flex max-w-[70ch] flex-col gap-3 text-base leading-7 break-words",
  "[&_a]:text-brand-text [&_a]:underline [&_a]:underline-offset-3",
  "[&_ul]:list-disc [&_ol]:list-decimal [&_ul]:pl-6 [&_ol]:pl-6 [&_li]:my-1",
  "[&_code]:rounded-sm [&_code]:bg-sunken [&_code]:px-1 [&_code]:py-0.5 [&_code]:text-sm",
  "[&_blockquote]:border-l-2 [&_blockquote]:border-line-strong [&_blockquote]:pl-4 [&_blockquote]:text-muted",
);

export function MarkdownRendered({ children, ticked = [], onTick }: MarkdownProps) {
  const root = useMemo(() => defaultMarkdownParser.parse(children), [children]);
  const steps: Steps = { next: 0, ticked, onTick };
  return <div className={LOOK}>{nodes(root, steps)}</div>;
}

/** Numbers the boxes in the order in which they are met. */
interface Steps {
  next: number;
  ticked: readonly number[];
  onTick: MarkdownProps["onTick"];
}

const nodes = (parent: Node, steps: Steps): React.ReactNode[] =>
  parent.children.map((child, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: rendered anew from the text as a whole
    <Fragment key={index}>{node(child, steps)}</Fragment>
  ));

const HEADING = "font-semibold mt-2";

function node(it: Node, steps: Steps): React.ReactNode {
  switch (it.type.name) {
    case "text":
      return it.marks.reduceRight<React.ReactNode>((inner, mark) => marked(mark, inner), it.text);
    case "paragraph":
      return <p>{nodes(it, steps)}</p>;
    case "heading":
      return heading(it, steps);
    case "bullet_list":
      return <ul>{nodes(it, steps)}</ul>;
    case "ordered_list":
      return <ol start={Number(it.attrs.order)}>{nodes(it, steps)}</ol>;
    case "list_item":
      return listItem(it, steps);
    case "blockquote":
      return <blockquote>{nodes(it, steps)}</blockquote>;
    case "code_block":
      return (
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className="overflow-x-auto rounded-md border border-line bg-sunken p-3 text-sm [&>code]:bg-transparent [&>code]:p-0"
        >
          <code>{it.textContent}</code>
        </pre>
      );
    case "horizontal_rule":
      return <hr className="border-line" />;
    case "hard_break":
      return <br />;
    case "image":
      // Pictures from elsewhere would tell that elsewhere who reads: a link instead.
      return link(String(it.attrs.src), String(it.attrs.alt ?? "picture"));
    default:
      return it.textContent;
  }
}

function heading(it: Node, steps: Steps): React.ReactNode {
  const level = Number(it.attrs.level);
  if (level <= 1) return <h3 className={cn(HEADING, "text-lg")}>{nodes(it, steps)}</h3>;
  if (level === 2) return <h4 className={cn(HEADING, "text-base")}>{nodes(it, steps)}</h4>;
  return <h5 className={cn(HEADING, "text-sm")}>{nodes(it, steps)}</h5>;
}

const BOX = /^\[( |x|X)\]\s+/;

function listItem(it: Node, steps: Steps): React.ReactNode {
  const box = BOX.exec(it.firstChild?.textContent ?? "");
  if (box === null) return <li>{nodes(it, steps)}</li>;
  const index = steps.next;
  steps.next += 1;
  const done = steps.onTick === undefined ? box[1] !== " " : steps.ticked.includes(index);
  return (
    <li className="-ml-6 list-none">
      <label className="flex items-start gap-3">
        <input
          type="checkbox"
          checked={done}
          disabled={steps.onTick === undefined}
          onChange={(event) => steps.onTick?.(index, event.target.checked)}
          className="mt-1.5 size-4 shrink-0 accent-(--brand)"
        />
        <span className={cn(done && "text-muted line-through")}>{withoutBox(it, steps)}</span>
      </label>
    </li>
  );
}

/** What follows the box: the item's first line without its "[ ]", and what is beneath it. */
function withoutBox(item: Node, steps: Steps): React.ReactNode {
  const [line, ...beneath] = item.children;
  const [first, ...rest] = line?.children ?? [];
  const begin = first?.marks.reduceRight<React.ReactNode>(
    (inner, mark) => marked(mark, inner),
    first.textContent.replace(BOX, ""),
  );
  return (
    <>
      {begin}
      {[...rest, ...beneath].map((child, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rendered anew from the text as a whole
        <Fragment key={index}>{node(child, steps)}</Fragment>
      ))}
    </>
  );
}

function marked(mark: Mark, inner: React.ReactNode): React.ReactNode {
  switch (mark.type.name) {
    case "strong":
      return <strong>{inner}</strong>;
    case "em":
      return <em>{inner}</em>;
    case "code":
      return <code>{inner}</code>;
    case "link":
      return link(String(mark.attrs.href), inner);
    default:
      return inner;
  }
}

/** Only what a browser may safely follow becomes a link. */
const link = (href: string, inner: React.ReactNode): React.ReactNode =>
  /^(https?:|mailto:|\/(?!\/)|#)/i.test(href) ? (
    <a href={href} rel="noreferrer nofollow" target={/^https?:/i.test(href) ? "_blank" : undefined}>
      {inner}
    </a>
  ) : (
    inner
  );
