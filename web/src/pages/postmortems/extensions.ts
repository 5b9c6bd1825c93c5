import { Node } from "@tiptap/core";
import StarterKit from "@tiptap/starter-kit";

/** A picture stays in the text as what it is, a link: loading it would tell its place who reads. */
const ImageLink = Node.create({
  name: "image",
  inline: true,
  group: "inline",
  atom: true,
  addAttributes: () => ({ src: { default: "" }, alt: { default: null }, title: { default: null } }),
  renderHTML: ({ node }) => [
    "a",
    { href: String(node.attrs.src), rel: "noreferrer nofollow" },
    String(node.attrs.alt ?? "picture"),
  ],
});

/** Only what CommonMark can hold, so that nothing written is lost on the way to the server. */
export const extensions = [
  StarterKit.configure({
    heading: { levels: [3, 4] },
    strike: false,
    underline: false,
    link: {
      openOnClick: false,
      autolink: true,
      defaultProtocol: "https",
      protocols: ["http", "https", "mailto"],
    },
  }),
  ImageLink,
];
