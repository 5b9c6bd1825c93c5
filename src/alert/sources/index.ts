import { didYouMean } from "../../platform/nearest.ts";
import { alertmanager } from "./alertmanager.ts";
import { generic } from "./generic.ts";
import { pagerduty } from "./pagerduty.ts";
import type { AnySource } from "./source.ts";

/** Every kind of integration: adding one is a file in this folder and a line here. */
export const sources: readonly AnySource[] = [generic, alertmanager, pagerduty];

const byKind = new Map(sources.map((source) => [source.kind, source]));

export const findSource = (kind: string): AnySource | undefined => byKind.get(kind);

/** That there is no such kind, with those there are. */
export const noSuchKind = (kind: string): string => {
  const known = [...byKind.keys()];
  return `There is no kind of integration "${kind}".${didYouMean(kind, known) || ` Use one of: ${known.join(", ")}.`}`;
};
