import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Bookmark, Search } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "../../lib/cn.ts";
import { STATE_WORDS } from "../../lib/state.ts";
import type { MonitorStatus } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form } from "../../ui/field.tsx";
import { FilterChips, SetChip } from "../../ui/filter-chips.tsx";
import { controlClass, Input, Select } from "../../ui/input.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { servicesQuery } from "../services/queries.ts";
import { kindsQuery } from "./queries.ts";
import { GROUPINGS, type MonitorSearch, monitorsRoute } from "./routes.tsx";
import { useSavedViews } from "./views.ts";

const STATUSES: readonly MonitorStatus[] = ["down", "degraded", "unknown", "up"];

/** Search, state and service filters, and the views saved from them. */
export function MonitorFilters() {
  const search = monitorsRoute.useSearch();
  const navigate = useNavigate();
  const set = (change: Partial<MonitorSearch>) =>
    void navigate({ to: "/monitors", search: { ...search, ...change }, replace: true, resetScroll: false });
  const services = useQuery(servicesQuery());
  const kinds = useQuery(kindsQuery);
  return (
    <div className="mb-4 flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <SearchBox value={search.q ?? ""} onChange={(q) => set({ q: q || undefined })} />
        <div className="max-sm:order-3 max-sm:w-full">
          <FilterChips
            label="State"
            chips={STATUSES.map((status) => ({
              value: status,
              label: (
                <>
                  <StateMark state={status} size={12} /> {STATE_WORDS[status]}
                </>
              ),
            }))}
            selected={search.status?.split(",") ?? []}
            onChange={(statuses) => set({ status: statuses.join(",") || undefined })}
          />
        </div>
        <Select
          label="Service"
          hideLabel
          className="w-44 max-sm:order-2 max-sm:flex-1"
          value={search.service ?? ""}
          onChange={(service) => set({ service: service || undefined })}
          options={[
            { value: "", label: "Every service" },
            ...(services.data?.items ?? []).map((service) => ({ value: service.slug, label: service.name })),
          ]}
        />
        <Select
          label="Kind"
          hideLabel
          className="w-40 max-sm:order-2 max-sm:flex-1"
          value={search.kind ?? ""}
          onChange={(kind) => set({ kind: kind || undefined })}
          options={[
            { value: "", label: "Every kind" },
            ...(kinds.data?.items ?? []).map(({ id, label }) => ({ value: id, label })),
          ]}
        />
        <Select
          label="Group by"
          hideLabel
          className="w-40 max-sm:order-2 max-sm:flex-1"
          value={search.group ?? ""}
          onChange={(group) => set({ group: GROUPINGS.find((each) => each === group) })}
          options={[
            { value: "", label: "Not grouped" },
            ...GROUPINGS.map((value) => ({ value, label: `By ${value}` })),
          ]}
        />
      </div>
      <Views search={search} onOpen={(saved) => void navigate({ to: "/monitors", search: saved })} />
    </div>
  );
}

const SETTLE_MS = 200;

function SearchBox({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <div className="relative w-64 max-sm:order-1 max-sm:w-full">
      <Search
        size={16}
        className="pointer-events-none absolute top-1/2 left-3 -translate-y-1/2 text-faint"
        aria-hidden
      />
      <input
        type="search"
        aria-label="Search monitors"
        placeholder="Name or tag"
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={cn(controlClass, "h-9 pl-9 max-sm:h-11")}
      />
    </div>
  );
}

function Views({ search, onOpen }: { search: MonitorSearch; onOpen: (search: MonitorSearch) => void }) {
  const { views, save, remove } = useSavedViews();
  const [naming, setNaming] = useState(false);
  const { open: _panel, ...filter } = search;
  const isFiltered = Object.values(filter).some(Boolean);
  const current = views.find((view) => JSON.stringify(view.search) === JSON.stringify(filter));
  if (views.length === 0 && !isFiltered) return null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      {views.map((view) =>
        view === current ? (
          <SetChip key={view.name} onRemove={() => remove(view.name)}>
            <Bookmark size={14} aria-hidden /> {view.name}
          </SetChip>
        ) : (
          <Button key={view.name} size="sm" variant="ghost" onClick={() => onOpen(view.search)}>
            <Bookmark size={14} aria-hidden /> {view.name}
          </Button>
        ),
      )}
      {isFiltered && current === undefined && (
        <Button size="sm" variant="ghost" onClick={() => setNaming(true)}>
          <Bookmark size={14} aria-hidden /> Save this view
        </Button>
      )}
      {isFiltered && (
        <Button size="sm" variant="ghost" onClick={() => onOpen({})}>
          Show all
        </Button>
      )}
      <NameView
        open={naming}
        onClose={() => setNaming(false)}
        onName={(name) => save({ name, search: filter })}
      />
    </div>
  );
}

function NameView({
  open,
  onClose,
  onName,
}: {
  open: boolean;
  onClose: () => void;
  onName: (name: string) => void;
}) {
  const [name, setName] = useState("");
  const submit = () => {
    if (name.trim() === "") return;
    onName(name.trim());
    setName("");
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Save this view"
      footer={
        <Button variant="primary" onClick={submit}>
          Save
        </Button>
      }
    >
      <Form onSubmit={submit}>
        <Input
          label="Name"
          help="It appears above the list, in this browser."
          placeholder="Failing in the shop"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Form>
    </Dialog>
  );
}
