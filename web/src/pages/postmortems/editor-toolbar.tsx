import { type Editor, useEditorState } from "@tiptap/react";
import { Bold, Code, Heading, Italic, Link2, List, ListOrdered, Quote } from "lucide-react";
import { useState } from "react";
import { cn } from "../../lib/cn.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";

interface Tool {
  name: string;
  label: string;
  icon: React.ReactNode;
  run: (editor: Editor) => void;
}

const TOOLS: readonly Tool[] = [
  {
    name: "bold",
    label: "Bold",
    icon: <Bold size={15} />,
    run: (it) => it.chain().focus().toggleBold().run(),
  },
  {
    name: "italic",
    label: "Italic",
    icon: <Italic size={15} />,
    run: (it) => it.chain().focus().toggleItalic().run(),
  },
  {
    name: "code",
    label: "Code",
    icon: <Code size={15} />,
    run: (it) => it.chain().focus().toggleCode().run(),
  },
  {
    name: "heading",
    label: "Heading",
    icon: <Heading size={15} />,
    run: (it) => it.chain().focus().toggleHeading({ level: 3 }).run(),
  },
  {
    name: "bulletList",
    label: "List",
    icon: <List size={15} />,
    run: (it) => it.chain().focus().toggleBulletList().run(),
  },
  {
    name: "orderedList",
    label: "Numbered list",
    icon: <ListOrdered size={15} />,
    run: (it) => it.chain().focus().toggleOrderedList().run(),
  },
  {
    name: "blockquote",
    label: "Quote",
    icon: <Quote size={15} />,
    run: (it) => it.chain().focus().toggleBlockquote().run(),
  },
];

/** Above the section that is being written; it lies over the heading's free end, so that nothing moves. */
export function EditorToolbar({ editor }: { editor: Editor }) {
  const [linking, setLinking] = useState(false);
  const active = useEditorState({
    editor,
    selector: ({ editor: it }) =>
      [...TOOLS.map(({ name }) => name), "link"].filter((name) => it.isActive(name)),
  });
  const button = (name: string, label: string, icon: React.ReactNode, run: () => void) => (
    <button
      key={name}
      type="button"
      title={label}
      aria-label={label}
      aria-pressed={active.includes(name)}
      tabIndex={-1}
      onMouseDown={(event) => event.preventDefault()}
      onClick={run}
      className={cn(
        "grid size-7 place-items-center rounded-sm text-muted hover:bg-hover hover:text-text max-sm:size-9",
        active.includes(name) && "bg-brand-soft text-brand-text",
      )}
    >
      {icon}
    </button>
  );
  return (
    <div
      role="toolbar"
      aria-label="Formatting"
      className="invisible absolute right-0 bottom-full z-5 mb-1.5 flex rounded-md border border-line bg-surface p-0.5 opacity-0 transition-opacity group-focus-within/section:visible group-focus-within/section:opacity-100"
    >
      {TOOLS.map(({ name, label, icon, run }) => button(name, label, icon, () => run(editor)))}
      {button("link", "Link", <Link2 size={15} />, () =>
        active.includes("link") ? editor.chain().focus().unsetLink().run() : setLinking(true),
      )}
      {linking && <LinkDialog editor={editor} onClose={() => setLinking(false)} />}
    </div>
  );
}

/** Where the selected words lead; without a selection the address itself is put in. */
function LinkDialog({ editor, onClose }: { editor: Editor; onClose: () => void }) {
  const [href, setHref] = useState("");
  const apply = () => {
    const address = href.trim();
    const link = { type: "link", attrs: { href: address } };
    if (address !== "" && editor.state.selection.empty)
      editor
        .chain()
        .insertContent({ type: "text", text: address, marks: [link] })
        .run();
    else if (address !== "") editor.chain().setLink({ href: address }).run();
    onClose();
    setTimeout(() => editor.commands.focus());
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Link"
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" onClick={apply}>
            Link it
          </Button>
        </>
      }
    >
      <Form onSubmit={apply}>
        <Input
          label="Address"
          type="url"
          mono
          autoFocus
          placeholder="https://"
          value={href}
          onChange={(event) => setHref(event.target.value)}
        />
      </Form>
    </Dialog>
  );
}
