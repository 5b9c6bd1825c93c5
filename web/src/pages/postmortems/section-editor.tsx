import { EditorContent, useEditor } from "@tiptap/react";
import { useEffect, useMemo, useRef } from "react";
import { cn } from "../../lib/cn.ts";
import { EditorToolbar } from "./editor-toolbar.tsx";
import { extensions } from "./extensions.ts";
import { type MarkdownCodec, markdownCodec } from "./markdown-codec.ts";

const LOOK = cn(
  "min-h-16 rounded-md bg-surface px-3 py-2.5 text-base leading-7 ring-1 ring-line ring-inset break-words outline-none",
  "hover:ring-line-strong/60 focus:ring-2 focus:ring-brand-text",
  "[&>*+*]:mt-3 [&_a]:text-brand-text [&_a]:underline [&_a]:underline-offset-3",
  "[&_ul]:list-disc [&_ol]:list-decimal [&_ul]:pl-6 [&_ol]:pl-6 [&_li]:my-1",
  "[&_code]:rounded-sm [&_code]:bg-sunken [&_code]:px-1 [&_code]:py-0.5 [&_code]:text-sm",
  "[&_pre]:overflow-x-auto [&_pre]:rounded-md [&_pre]:bg-sunken [&_pre]:p-3 [&_pre_code]:p-0",
  "[&_blockquote]:border-l-2 [&_blockquote]:border-line-strong [&_blockquote]:pl-4 [&_blockquote]:text-muted",
  "[&_h3]:text-lg [&_h3]:font-semibold [&_h4]:text-base [&_h4]:font-semibold",
);

interface SectionEditorProps {
  label: string;
  placeholder: string;
  markdown: string;
  /** Counts up when the text was replaced from outside. */
  epoch: number;
  invalid: boolean;
  onWrite: (markdown: string) => void;
}

/** Rich text that is Markdown to everybody else. Tells only what a person changed. */
export function SectionEditor({ label, placeholder, markdown, epoch, invalid, onWrite }: SectionEditorProps) {
  const codec = useRef<MarkdownCodec | null>(null);
  const write = useRef(onWrite);
  write.current = onWrite;
  const attributes = useMemo(
    () => ({ class: LOOK, "aria-label": label, role: "textbox", "aria-multiline": "true" }),
    [label],
  );
  const editor = useEditor({
    extensions,
    editorProps: { attributes },
    onBeforeCreate: ({ editor: made }) => {
      codec.current = markdownCodec(made.schema);
      made.options.content = codec.current.parse(markdown).toJSON();
    },
    onUpdate: ({ editor: changed }) => {
      if (codec.current !== null) write.current(codec.current.serialize(changed.state.doc));
    },
  });
  const shown = useRef(epoch);
  useEffect(() => {
    if (shown.current === epoch || codec.current === null) return;
    shown.current = epoch;
    editor.commands.setContent(codec.current.parse(markdown).toJSON(), { emitUpdate: false });
  }, [editor, epoch, markdown]);
  return (
    <div className={cn("relative", invalid && "rounded-md ring-2 ring-down")}>
      <EditorToolbar editor={editor} />
      {markdown.trim() === "" && (
        <p
          className="pointer-events-none absolute top-2.5 right-3 left-3 z-1 text-base leading-7 text-faint"
          aria-hidden
        >
          {placeholder}
        </p>
      )}
      <EditorContent editor={editor} />
    </div>
  );
}
