import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { FilterChips, SetChip } from "../../ui/filter-chips.tsx";
import { Select } from "../../ui/input.tsx";
import { SearchBox } from "../../ui/search-box.tsx";
import { SEVERITY_NAMES } from "../incidents/severities.ts";
import { servicesQuery } from "../services/queries.ts";
import type { LibrarySearch } from "./routes.tsx";

const STATES = [
  { value: "published", label: "Published" },
  { value: "in_review", label: "In review" },
  { value: "draft", label: "Drafts" },
];

/** One large box to search by, and what narrows it down. */
export function LibraryFilters({ search }: { search: LibrarySearch }) {
  const navigate = useNavigate();
  const services = useQuery(servicesQuery());
  const set = (change: Partial<LibrarySearch>) =>
    void navigate({
      to: "/postmortems",
      search: { ...search, ...change },
      replace: true,
      resetScroll: false,
    });
  return (
    <div className="mb-6 flex flex-col gap-3">
      <SearchBox
        large
        label="Search postmortems"
        placeholder="What was it about? Any word in them, or “an exact phrase”"
        value={search.q ?? ""}
        onChange={(q) => set({ q: q || undefined })}
      />
      <div className="flex flex-wrap items-center gap-2">
        <FilterChips
          label="State"
          chips={STATES}
          selected={search.state?.split(",") ?? []}
          onChange={(states) => set({ state: states.join(",") || undefined })}
        />
        <span className="mx-1 h-5 w-px bg-line max-sm:hidden" aria-hidden />
        <FilterChips
          label="Severity"
          chips={SEVERITY_NAMES}
          selected={search.severity?.split(",") ?? []}
          onChange={(chosen) => set({ severity: chosen.join(",") || undefined })}
        />
        {search.tag && <SetChip onRemove={() => set({ tag: undefined })}>{search.tag}</SetChip>}
        <Select
          label="Service"
          hideLabel
          className="ml-auto w-44 max-sm:ml-0 max-sm:w-full"
          value={search.service ?? ""}
          onChange={(service) => set({ service: service || undefined })}
          options={[
            { value: "", label: "Every service" },
            ...(services.data?.items ?? []).map(({ slug, name }) => ({ value: slug, label: name })),
          ]}
        />
      </div>
    </div>
  );
}
