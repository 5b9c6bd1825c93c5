import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api, messageOf } from "../../lib/api.ts";
import { cn } from "../../lib/cn.ts";
import type { Guess, Monitor } from "../../lib/types.ts";
import { Button, buttonClass } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { controlClass } from "../../ui/input.tsx";
import { Breadcrumb, PageHeader } from "../../ui/page-header.tsx";
import { toast } from "../../ui/toast.tsx";
import { createBody, type Draft, emptyDraft } from "./draft.ts";
import { MonitorEditor } from "./editor.tsx";
import { newMonitorRoute } from "./routes.tsx";
import { useGuess, useTry } from "./use-try.ts";

/** What should we watch? One box; the check runs before anything is saved. */
export function NewMonitorPage() {
  const search = newMonitorRoute.useSearch();
  const [text, setText] = useState(search.text ?? "");
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(search.service));
  const known = Object.keys(draft.fields).length > 0;
  const onGuess = useCallback(({ kind, config, name, slug }: Guess) => {
    setDraft((before) => {
      // Another kind knows nothing of these fields.
      const kept = before.kind === kind ? before.fields : {};
      return { ...before, kind, name, slug, fields: { ...kept, ...config } };
    });
  }, []);
  const guess = useGuess(text, onGuess);
  const tried = useTry(draft, known);
  const save = useSave(draft);
  return (
    <>
      <PageHeader
        title="What should we watch?"
        tab="Add a monitor"
        crumbs={
          <Breadcrumb>
            <Link to="/monitors" search={{}}>
              Monitors
            </Link>
          </Breadcrumb>
        }
      />
      <Field
        label="What should we watch?"
        hideLabel
        className="mb-8"
        error={guess.error ? messageOf(guess.error) : undefined}
        help={
          known ? undefined : "Paste a web address. It is checked at once, and saved only when you say so."
        }
      >
        {(control) => (
          <input
            {...control}
            // biome-ignore lint/a11y/noAutofocus: the page is this one box
            autoFocus
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            inputMode="url"
            placeholder="https://shop.example.com/health"
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => event.key === "Enter" && guess.now()}
            className={cn(controlClass, "h-14 px-5 font-mono text-base!")}
          />
        )}
      </Field>
      {known && (
        <MonitorEditor
          draft={draft}
          onChange={setDraft}
          tried={tried}
          isNew
          problem={save.error}
          onSave={() => save.mutate()}
          footer={
            <>
              <Link to="/monitors" search={{}} className={buttonClass("ghost")}>
                Cancel
              </Link>
              <Button type="submit" variant="primary" busy={save.isPending}>
                Save and watch
              </Button>
            </>
          }
        />
      )}
    </>
  );
}

function useSave(draft: Draft) {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => api.post<Monitor>("/monitors", createBody(draft)),
    onSuccess: async (monitor) => {
      queryClient.setQueryData(["monitors", "one", monitor.slug], monitor);
      void queryClient.invalidateQueries({ queryKey: ["monitors", "list"] });
      void queryClient.invalidateQueries({ queryKey: ["services"] });
      void queryClient.invalidateQueries({ queryKey: ["overview"] });
      toast.done(`${monitor.name} is watched from now on.`);
      await navigate({ to: "/monitors/$slug", params: { slug: monitor.slug } });
    },
  });
}
