/** Who depends on what: from a service's id to the ids of those it depends on. */
export type Dependencies = ReadonlyMap<string, readonly string[]>;

/**
 * A way from the service back to itself, e.g. `[shop, payments, shop]`; undefined when there is none.
 * The shortest one is found, so that the refusal names no detours.
 */
export function findCycle(dependencies: Dependencies, service: string): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [service];
  for (const current of queue) {
    for (const next of dependencies.get(current) ?? []) {
      if (next === service) return pathBack(cameFrom, service, current);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, current);
      queue.push(next);
    }
  }
  return undefined;
}

function pathBack(cameFrom: ReadonlyMap<string, string>, service: string, last: string): string[] {
  const path = [service];
  for (let at = last; at !== service; at = cameFrom.get(at)!) path.unshift(at);
  return [service, ...path];
}
