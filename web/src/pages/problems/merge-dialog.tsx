import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../lib/api.ts";
import type { FailureProblem } from "../../lib/types.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Select } from "../../ui/input.tsx";
import { problemsChanged, problemsQuery } from "./queries.ts";

/** Two problems turn out to be one. */
export function MergeDialog({ problem, onClose }: { problem: FailureProblem; onClose: () => void }) {
  const others = (useInfiniteQuery(problemsQuery({})).data?.pages ?? [])
    .flatMap((page) => page.items)
    .filter(({ number }) => number !== problem.number);
  const [into, setInto] = useState("");
  const navigate = useNavigate();
  const merge = useMutation({
    mutationFn: () => api.post<FailureProblem>(`/problems/${problem.number}/merge`, { into: Number(into) }),
    onSuccess: async ({ number }) => {
      await navigate({ to: "/problems/$number", params: { number: String(number) } });
      problemsChanged();
    },
  });
  return (
    <FormDialog
      title="The same as another problem"
      description={`Everything that happened by P-${problem.number} will count for the other one, and P-${problem.number} will be gone.`}
      submit="Make them one"
      disabled={into === ""}
      busy={merge.isPending}
      problem={merge.error}
      onSubmit={() => merge.mutate()}
      onClose={onClose}
    >
      <Select
        label="Which one?"
        pointer="/into"
        options={[
          { value: "", label: others.length === 0 ? "There is no other problem" : "Choose a problem" },
          ...others.map(({ number, title }) => ({ value: String(number), label: `P-${number} ${title}` })),
        ]}
        value={into}
        onChange={setInto}
      />
    </FormDialog>
  );
}
