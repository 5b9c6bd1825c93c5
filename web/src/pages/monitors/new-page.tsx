import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api, messageOf } from "../../lib/api.ts";
import { cn } from "../../lib/cn.ts";
import { getAt } from "../../lib/pointer.ts";
import type { FormField, Guess, Monitor } from "../../lib/types.ts";
import { Button, buttonClass } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { controlClass } from "../../ui/input.tsx";
import { Breadcrumb, PageHeader } from "../../ui/page-header.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { createBody, type Draft, draftOf, emptyDraft } from "./draft.ts";
import { MonitorEditor } from "./editor.tsx";
import { KindPicker } from "./kind-picker.tsx";
import { useKindForm } from "./monitor-form.tsx";
import { kindsQuery, monitorQuery } from "./queries.ts";
import { newMonitorRoute } from "./routes.tsx";
import { useGuess, useTry } from "./use-try.ts";

/** What should we watch? One box, a kind of one's choice, or one like another; the check runs before anything is saved. */
export function NewMonitorPage() {
  const { copy } = newMonitorRoute.useSearch();
  return copy === undefined ? <NewMonitor /> : <Duplicate slug={copy} />;
}

/** Like another monitor, but for its name; secrets stay with the one that has them. */
function Duplicate({ slug }: { slug: string }) {
  const query = useQuery(monitorQuery(slug));
  return (
    <Loaded query={query} skeleton={<Skeleton className="h-120" />}>
      {(monitor) => (
        <NewMonitor
          like={{ ...draftOf(monitor), slug: "", name: `${monitor.name} (copy)` }}
          kind={monitor.kind}
        />
      )}
    </Loaded>
  );
}

function NewMonitor({ like, kind }: { like?: Draft; kind?: string }) {
  const { service, text: given, kind: asked } = newMonitorRoute.useSearch();
  const chosen = kind ?? asked;
  const navigate = useNavigate();
  const [text, setText] = useState(given ?? "");
  const [draft, setDraft] = useState<Draft>(
    () => like ?? { ...emptyDraft(service), ...(chosen ? { kind: chosen } : {}) },
  );
  const known = chosen !== undefined || Object.keys(draft.fields).length > 0;
  const onGuess = useCallback(({ kind, config, name, slug }: Guess) => {
    setDraft((before) => {
      // Another kind knows nothing of these fields.
      const kept = before.kind === kind ? before.fields : {};
      return { ...before, kind, name, slug, fields: { ...kept, ...config } };
    });
  }, []);
  const guess = useGuess(text, onGuess);
  const form = useKindForm(draft.kind);
  const tried = useTry(draft, known && hasAll(form, draft.fields));
  const save = useSave(draft);
  const choose = (kind: string | undefined) => {
    setText("");
    setDraft({ ...emptyDraft(service), ...(kind ? { kind } : {}) });
    void navigate({ to: "/monitors/new", search: { service, kind } });
  };
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
      {chosen === undefined ? (
        <WhatBox text={text} onText={setText} guess={guess} isKnown={known} />
      ) : (
        <ChosenKind kind={chosen} onOther={() => choose(undefined)} />
      )}
      {known ? (
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
      ) : (
        <KindPicker onPick={choose} />
      )}
    </>
  );
}

/** Whether everything is there that a check can't do without. */
const hasAll = (form: readonly FormField[], fields: Draft["fields"]): boolean =>
  form.every((field) => !field.required || getAt(fields, field.name) !== undefined);

function WhatBox({
  text,
  onText,
  guess,
  isKnown,
}: {
  text: string;
  onText: (text: string) => void;
  guess: ReturnType<typeof useGuess>;
  isKnown: boolean;
}) {
  return (
    <Field
      label="What should we watch?"
      hideLabel
      className="mb-8"
      error={guess.error ? messageOf(guess.error) : undefined}
      help={
        isKnown
          ? undefined
          : "Paste an address: a web page, a host and port, a database. It is checked at once, and saved only when you say so."
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
          onChange={(event) => onText(event.target.value)}
          onKeyDown={(event) => event.key === "Enter" && guess.now()}
          className={cn(controlClass, "h-14 px-5 font-mono text-base!")}
        />
      )}
    </Field>
  );
}

function ChosenKind({ kind, onOther }: { kind: string; onOther: () => void }) {
  const kinds = useQuery(kindsQuery);
  const info = kinds.data?.items.find(({ id }) => id === kind);
  return (
    <div className="mb-6 flex flex-wrap items-start justify-between gap-3 rounded-lg border border-line bg-surface p-4">
      <div className="min-w-0 flex-1">
        <p className="font-medium">{info?.label ?? kind}</p>
        <p className="text-sm text-muted">{info?.summary}</p>
      </div>
      <Button size="sm" onClick={onOther}>
        Choose another
      </Button>
    </div>
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
