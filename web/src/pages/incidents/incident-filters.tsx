import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useBurning } from "../../app/session.ts";
import { FilterChips } from "../../ui/filter-chips.tsx";
import { Select } from "../../ui/input.tsx";
import { SearchBox } from "../../ui/search-box.tsx";
import { Segmented } from "../../ui/tabs.tsx";
import { servicesQuery } from "../services/queries.ts";
import type { IncidentFilter } from "./queries.ts";
import type { IncidentTab } from "./routes.tsx";
import { SEVERITY_NAMES } from "./severities.ts";

/** Open or resolved, and the search, severity and service filters. */
export function IncidentFilters({ filter }: { filter: IncidentFilter }) {
  const navigate = useNavigate();
  const services = useQuery(servicesQuery());
  const burning = useBurning().length;
  const set = (change: Partial<IncidentFilter>) =>
    void navigate({ to: "/incidents", search: { ...filter, ...change }, replace: true, resetScroll: false });
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <Segmented<IncidentTab>
        label="Which incidents"
        value={filter.tab ?? "open"}
        onChange={(tab) => set({ tab })}
        options={[
          { value: "open", label: burning > 0 ? `Open ${burning}` : "Open" },
          { value: "resolved", label: "Resolved" },
          { value: "all", label: "All" },
        ]}
      />
      <SearchBox
        label="Search incidents"
        placeholder="Title"
        className="w-56 max-sm:order-1 max-sm:w-full"
        value={filter.q ?? ""}
        onChange={(q) => set({ q: q || undefined })}
      />
      <div className="max-sm:order-2 max-sm:w-full">
        <FilterChips
          label="Severity"
          chips={SEVERITY_NAMES}
          selected={filter.severity?.split(",") ?? []}
          onChange={(chosen) => set({ severity: chosen.join(",") || undefined })}
        />
      </div>
      <Select
        label="Service"
        hideLabel
        className="ml-auto w-48 max-sm:ml-0 max-sm:min-w-0 max-sm:flex-1"
        value={filter.service ?? ""}
        onChange={(service) => set({ service: service || undefined })}
        options={[
          { value: "", label: "Every service" },
          ...(services.data?.items ?? []).map(({ slug, name }) => ({ value: slug, label: name })),
        ]}
      />
    </div>
  );
}
