import type { Node, Schema } from "@tiptap/pm/model";
import {
  defaultMarkdownParser,
  defaultMarkdownSerializer,
  MarkdownParser,
  MarkdownSerializer,
} from "prosemirror-markdown";

/** The editor calls its nodes and marks otherwise than the Markdown library does. */
const NODES = {
  blockquote: "blockquote",
  paragraph: "paragraph",
  heading: "heading",
  text: "text",
  image: "image",
  listItem: "list_item",
  bulletList: "bullet_list",
  orderedList: "ordered_list",
  codeBlock: "code_block",
  horizontalRule: "horizontal_rule",
  hardBreak: "hard_break",
} as const;
const MARKS = { italic: "em", bold: "strong", link: "link", code: "code" } as const;

/** Reads and writes CommonMark in an editor's schema. What is typed as text stays text: `# x` is escaped. */
export interface MarkdownCodec {
  parse(markdown: string): Node;
  serialize(document: Node): string;
}

export const markdownCodec = (schema: Schema): MarkdownCodec => {
  const parser = parserOf(schema);
  const serializer = serializerOf();
  return {
    parse: (markdown) => parser.parse(markdown),
    serialize: (document) => serializer.serialize(document, { tightLists: true }),
  };
};

function parserOf(schema: Schema): MarkdownParser {
  return new MarkdownParser(schema, defaultMarkdownParser.tokenizer, {
    blockquote: { block: "blockquote" },
    paragraph: { block: "paragraph" },
    list_item: { block: "listItem" },
    bullet_list: { block: "bulletList" },
    ordered_list: {
      block: "orderedList",
      getAttrs: (token) => ({ start: Number(token.attrGet("start") ?? 1) }),
    },
    heading: { block: "heading", getAttrs: (token) => ({ level: Math.min(4, Number(token.tag.slice(1))) }) },
    code_block: { block: "codeBlock", noCloseToken: true },
    fence: {
      block: "codeBlock",
      getAttrs: (token) => ({ language: token.info || null }),
      noCloseToken: true,
    },
    hr: { node: "horizontalRule" },
    image: {
      node: "image",
      getAttrs: (token) => ({
        src: token.attrGet("src"),
        title: token.attrGet("title"),
        alt: token.children?.[0]?.content ?? null,
      }),
    },
    hardbreak: { node: "hardBreak" },
    em: { mark: "italic" },
    strong: { mark: "bold" },
    link: {
      mark: "link",
      getAttrs: (token) => ({ href: token.attrGet("href"), title: token.attrGet("title") }),
    },
    code_inline: { mark: "code", noCloseToken: true },
  });
}

type WriteNode = MarkdownSerializer["nodes"][string];

function serializerOf(): MarkdownSerializer {
  const { nodes, marks } = defaultMarkdownSerializer;
  const mapped = Object.entries(NODES).flatMap(([ours, theirs]) => {
    const write = nodes[theirs];
    return write === undefined ? [] : [[ours, write] as const];
  });
  const own: Record<string, WriteNode> = {
    bulletList: (state, node) => state.renderList(node, "  ", () => "- "),
    orderedList: (state, node) => {
      const first = Number(node.attrs.start ?? 1);
      const width = String(first + node.childCount - 1).length + 2;
      state.renderList(node, " ".repeat(width), (index) => `${first + index}. `.padStart(width));
    },
    codeBlock: (state, node) => {
      const longest = node.textContent.match(/`{3,}/g)?.toSorted().at(-1);
      const fence = longest === undefined ? "```" : `${longest}\``;
      state.write(`${fence}${node.attrs.language ?? ""}\n`);
      state.text(node.textContent, false);
      state.write("\n");
      state.write(fence);
      state.closeBlock(node);
    },
  };
  const ownMarks = Object.entries(MARKS).flatMap(([ours, theirs]) => {
    const write = marks[theirs];
    return write === undefined ? [] : [[ours, write] as const];
  });
  return new MarkdownSerializer({ ...Object.fromEntries(mapped), ...own }, Object.fromEntries(ownMarks));
}
