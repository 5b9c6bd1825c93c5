import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { useMay } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import type { ActionItem, PageOf, Postmortem, User } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { Badge } from "../../ui/small.tsx";
import { toast } from "../../ui/toast.tsx";

const refresh = (id: string) => void queryClient.invalidateQueries({ queryKey: ["postmortems", "one", id] });
const TYPES = ["investigate", "repair", "detect", "mitigate", "prevent"] as const;

/** The measures: who, until when, and whether they are done. */
export function ActionItems({ postmortem, adding = false }: { postmortem: Postmortem; adding?: boolean }) {
  const items = postmortem.action_items;
  return (
    <>
      {items.length === 0 && <p className="mb-3 text-sm text-muted">No action item yet.</p>}
      <ul className="divide-y divide-line">
        {items.map((item) => (
          <Item key={item.id} item={item} postmortemId={postmortem.id} />
        ))}
      </ul>
      {adding && <AddItem postmortemId={postmortem.id} />}
    </>
  );
}

function Item({ item, postmortemId }: { item: ActionItem; postmortemId: string }) {
  const mayEdit = useMay("respond");
  const change = useMutation({
    mutationFn: (state: "open" | "done") => api.patch(`/action-items/${item.id}`, { state }),
    onSuccess: () => refresh(postmortemId),
    onError: toast.failed,
  });
  const open = item.state === "open";
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-60">
        <div className="text-sm font-medium">{item.title}</div>
        <div className="mt-0.5 flex flex-wrap items-center gap-2 text-xs text-muted">
          <span>{item.owner?.name ?? "nobody yet"}</span>
          <Badge>{item.type}</Badge>
          {item.priority === "high" && <Badge strong>high priority</Badge>}
          {item.due && <span className="num">due {item.due}</span>}
          {item.guard && <span>guarded by {item.guard.monitor.name}</span>}
        </div>
      </div>
      <Badge strong={!open}>{open ? "Open" : item.state === "done" ? "Done" : "Won't do"}</Badge>
      {mayEdit && (
        <Button size="sm" busy={change.isPending} onClick={() => change.mutate(open ? "done" : "open")}>
          {open ? "Mark as done" : "Open again"}
        </Button>
      )}
    </li>
  );
}

function AddItem({ postmortemId }: { postmortemId: string }) {
  const people = useQuery({
    queryKey: ["users", "list"],
    queryFn: ({ signal }) => api.get<PageOf<User>>("/users", { limit: 500 }, signal),
  });
  const [title, setTitle] = useState("");
  const [owner, setOwner] = useState("");
  const [type, setType] = useState<(typeof TYPES)[number]>("repair");
  const [due, setDue] = useState("");
  const add = useMutation({
    mutationFn: () =>
      api.post("/action-items", {
        postmortem: postmortemId,
        title,
        owner: owner || null,
        type,
        due: due || null,
      }),
    onSuccess: () => {
      setTitle("");
      refresh(postmortemId);
    },
  });
  const owners = (people.data?.items ?? []).map(({ email, name }) => ({ value: email, label: name }));
  return (
    <Form problem={add.error} onSubmit={() => add.mutate()} className="mt-4 grid gap-3 sm:grid-cols-2">
      <Input
        className="sm:col-span-2"
        label="What will be done?"
        pointer="/title"
        value={title}
        onChange={(event) => setTitle(event.target.value)}
      />
      <Select
        label="Owner"
        pointer="/owner"
        value={owner}
        onChange={setOwner}
        options={[{ value: "", label: "Nobody yet" }, ...owners]}
      />
      <Select
        label="Kind of measure"
        value={type}
        onChange={(value) => setType(value as (typeof TYPES)[number])}
        options={TYPES.map((each) => ({ value: each, label: each }))}
      />
      <Input
        label="Due"
        optional
        type="date"
        pointer="/due"
        value={due}
        onChange={(event) => setDue(event.target.value)}
      />
      <div className="self-end">
        <Button type="submit" busy={add.isPending}>
          Add the action item
        </Button>
      </div>
      <FormProblem problem={add.error} />
    </Form>
  );
}
