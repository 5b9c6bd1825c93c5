/**
 * Runs the given test files one after the other in this process and tells whoever forked it what came of each test.
 * What the files import is read once for all of them: a process per file spends more on that than on its tests.
 */
import { run } from "node:test";
import { spec } from "node:test/reporters";

/** What became of one test; a suite has no outcome of its own. `ms` and `file` only of the outermost, whose times hold those within. */
export interface Outcome {
  outcome?: "passed" | "failed" | "skipped";
  file?: string;
  ms?: number;
}

const tell = (outcome: Outcome) => process.send?.(outcome);

const stream = run({ files: process.argv.slice(2), isolation: "none" });
stream.on("test:pass", ({ skip, todo, nesting, file, details }) => {
  const outcome = skip || todo ? "skipped" : "passed";
  tell({ ...(details.type !== "suite" && { outcome }), ...outermost(nesting, file, details.duration_ms) });
});
stream.on("test:fail", ({ todo, nesting, file, details }) => {
  const outcome = todo ? "skipped" : "failed";
  tell({ ...(details.type !== "suite" && { outcome }), ...outermost(nesting, file, details.duration_ms) });
});
stream.compose(new spec()).pipe(process.stdout, { end: false });
stream.on("end", () => process.disconnect?.());

function outermost(nesting: number, file: string | undefined, ms: number): Pick<Outcome, "file" | "ms"> {
  return nesting === 0 && file !== undefined ? { file, ms } : {};
}
