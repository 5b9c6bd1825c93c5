import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { api } from "../../lib/api.ts";
import type { Postmortem, SectionName } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input, Textarea } from "../../ui/input.tsx";
import { Breadcrumb, PageHeader } from "../../ui/page-header.tsx";
import { toast } from "../../ui/toast.tsx";
import { ActionItems } from "./action-items.tsx";
import { FactsChart } from "./facts-chart.tsx";
import { FactsCard, keep } from "./postmortem-page.tsx";
import { SECTIONS } from "./sections.ts";

const SAVE_AFTER_MS = 1_000;

interface Draft {
  title: string;
  headline: string;
  tags: string;
  sections: Partial<Record<SectionName, string>>;
}

const draftOf = (postmortem: Postmortem): Draft => ({
  title: postmortem.title,
  headline: postmortem.headline,
  tags: postmortem.tags.join(", "),
  sections: { ...postmortem.sections },
});

/** The same page, to be written: saved by itself a moment after each change, a later hand never overwritten. */
export function Writing({ postmortem, onRead }: { postmortem: Postmortem; onRead: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(postmortem));
  const [dirty, setDirty] = useState(false);
  const version = useRef(postmortem.version);
  const save = useMutation({
    mutationFn: (next: Draft) =>
      api.patch<Postmortem>(`/postmortems/${postmortem.id}`, {
        title: next.title,
        headline: next.headline,
        tags: next.tags
          .split(",")
          .map((tag) => tag.trim())
          .filter(Boolean),
        sections: next.sections,
        version: version.current,
      }),
    onSuccess: (made) => {
      version.current = made.version;
      keep(made);
    },
  });
  const publish = useMutation({
    mutationFn: async () => {
      if (dirty) await save.mutateAsync(draft);
      setDirty(false);
      return api.post<Postmortem>(`/postmortems/${postmortem.id}/publish`);
    },
    onSuccess: (made) => {
      keep(made);
      toast.done("Published: everybody in the company can read it.");
      onRead();
    },
  });
  const { mutate } = save;
  useEffect(() => {
    if (!dirty) return;
    const timer = setTimeout(() => {
      setDirty(false);
      mutate(draft);
    }, SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [draft, dirty, mutate]);
  const change = (part: Partial<Draft>) => {
    setDraft((last) => ({ ...last, ...part }));
    setDirty(true);
  };
  const state = save.error ? "Not saved" : dirty || save.isPending ? "Saving…" : "Saved";
  return (
    <>
      <PageHeader
        title={draft.title || "Postmortem"}
        crumbs={
          <Breadcrumb>
            <Link to="/postmortems">Postmortems</Link>
          </Breadcrumb>
        }
        lead={<span role="status">Draft · {state}</span>}
        actions={
          <>
            <Button onClick={onRead}>Read it</Button>
            <Button variant="primary" busy={publish.isPending} onClick={() => publish.mutate()}>
              Publish
            </Button>
          </>
        }
      />
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(240px,300px)] lg:gap-10">
        <div className="min-w-0">
          <Form
            problem={publish.error ?? save.error}
            onSubmit={() => publish.mutate()}
            className="grid gap-6"
          >
            <FormProblem problem={publish.error ?? save.error} />
            <Input
              label="Title"
              pointer="/title"
              value={draft.title}
              onChange={(event) => change({ title: event.target.value })}
            />
            <Input
              label="Headline"
              help="One sentence that a colleague repeats correctly."
              pointer="/headline"
              value={draft.headline}
              onChange={(event) => change({ headline: event.target.value })}
            />
            {SECTIONS.map(({ name, title, coach }) => (
              <Textarea
                key={name}
                label={title}
                help={coach}
                pointer={`/sections/${name}`}
                rows={name.startsWith("lessons") ? 3 : 6}
                value={draft.sections[name] ?? ""}
                onChange={(event) => change({ sections: { ...draft.sections, [name]: event.target.value } })}
              />
            ))}
            <Input
              label="Tags"
              optional
              help="Separated by commas."
              value={draft.tags}
              onChange={(event) => change({ tags: event.target.value })}
            />
          </Form>
          <section className="mt-8">
            <h2 className="mb-3 text-lg font-semibold">Action items</h2>
            <ActionItems postmortem={postmortem} adding />
          </section>
          <div className="mt-8">
            <FactsChart facts={postmortem.facts} />
          </div>
        </div>
        <aside>
          <FactsCard postmortem={postmortem} />
        </aside>
      </div>
    </>
  );
}
