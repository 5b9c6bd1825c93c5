import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { ActionItem, Monitor, PageOf, Postmortem } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { usePeopleOptions } from "../oncall/people.ts";
import { postmortemQuery } from "./queries.ts";

const TYPES = [
  { value: "prevent", label: "Prevent: it can't happen again" },
  { value: "mitigate", label: "Mitigate: it hurts less" },
  { value: "detect", label: "Detect: we see it sooner" },
  { value: "repair", label: "Repair: mend what broke" },
  { value: "investigate", label: "Investigate: find out more" },
];

/** Adds a promise, or changes one. */
export function ActionItemForm({
  postmortem,
  item,
  onClose,
}: {
  postmortem: Postmortem;
  item?: ActionItem;
  onClose: () => void;
}) {
  const [draft, setDraft] = useState({
    title: item?.title ?? "",
    owner: item?.owner?.email ?? "",
    type: item?.type ?? "prevent",
    priority: item?.priority ?? "normal",
    due: item?.due ?? "",
    guard: item?.guard?.monitor.slug ?? "",
  });
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change });
  const people = usePeopleOptions();
  const monitors = useQuery({
    queryKey: ["monitors", "names"],
    queryFn: () => api.get<PageOf<Monitor>>("/monitors", { limit: 500 }),
  });
  const save = useMutation({
    mutationFn: () => {
      const body = {
        ...draft,
        owner: draft.owner || null,
        due: draft.due || null,
        guard: draft.guard === "" ? null : { monitor: draft.guard },
      };
      return item === undefined
        ? api.post<ActionItem>("/action-items", { ...body, postmortem: postmortem.id })
        : api.patch<ActionItem>(`/action-items/${item.id}`, body);
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: postmortemQuery(postmortem.id).queryKey });
      onClose();
    },
  });
  return (
    <Form
      problem={save.error}
      onSubmit={() => save.mutate()}
      className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-4"
    >
      <FormProblem problem={save.error} />
      <Input
        label="What will be done?"
        pointer="/title"
        placeholder="Fail the build when a page makes more than ten queries"
        help="Begin with a verb, and say how one sees that it is done."
        autoFocus
        value={draft.title}
        onChange={(event) => set({ title: event.target.value })}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          label="Owner"
          pointer="/owner"
          value={draft.owner}
          onChange={(owner) => set({ owner })}
          options={[{ value: "", label: "Nobody yet" }, ...people]}
        />
        <Input
          label="Due"
          pointer="/due"
          type="date"
          value={draft.due}
          onChange={(event) => set({ due: event.target.value })}
        />
        <Select
          label="What it does"
          pointer="/type"
          value={draft.type}
          onChange={(type) => set({ type: type as ActionItem["type"] })}
          options={TYPES}
        />
        <Select
          label="Priority"
          pointer="/priority"
          value={draft.priority}
          onChange={(priority) => set({ priority: priority as ActionItem["priority"] })}
          options={[
            { value: "normal", label: "Normal" },
            { value: "high", label: "High" },
          ]}
        />
        <Select
          label="Monitor that proves it"
          className="sm:col-span-2"
          optional
          help="While it fails, the action can't be called done."
          pointer="/guard/monitor"
          value={draft.guard}
          onChange={(guard) => set({ guard })}
          options={[
            { value: "", label: "None" },
            ...(monitors.data?.items ?? []).map(({ slug, name }) => ({ value: slug, label: name })),
          ]}
        />
      </div>
      <div className="flex gap-2">
        <Button type="submit" variant="primary" busy={save.isPending}>
          {item === undefined ? "Add the action item" : "Save"}
        </Button>
        <Button variant="ghost" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </Form>
  );
}
