import { useId, useState } from "react";
import { cn } from "../../lib/cn.ts";
import type { Incident } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { controlClass } from "../../ui/input.tsx";
import { useVerb } from "./verbs.ts";

/** Writes a note on the record. Ctrl or ⌘ with Enter sends it; what is not sent stays. */
export function NoteComposer({ incident }: { incident: Incident }) {
  const [text, setText] = useState("");
  const verb = useVerb(incident);
  const id = useId();
  const send = () => {
    if (text.trim() === "" || verb.isPending) return;
    verb.mutate({ verb: "note", body: { text: text.trim() } }, { onSuccess: () => setText("") });
  };
  return (
    <div className="mb-5">
      <label htmlFor={id} className="sr-only">
        Write a note
      </label>
      <textarea
        id={id}
        rows={text === "" ? 1 : 3}
        placeholder="What did you see, try, decide?"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
        }}
        className={cn(controlClass, "resize-none py-2 leading-relaxed")}
      />
      {text.trim() !== "" && (
        <div className="mt-2 flex items-center justify-between gap-3">
          <span className="text-xs text-faint max-sm:hidden">Markdown; Ctrl + Enter sends it</span>
          <Button
            size="sm"
            variant="primary"
            className="ml-auto max-sm:h-11"
            busy={verb.isPending}
            onClick={send}
          >
            Add the note
          </Button>
        </div>
      )}
    </div>
  );
}
