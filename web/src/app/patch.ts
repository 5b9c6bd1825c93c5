import type { QueryClient, QueryKey } from "@tanstack/react-query";

interface Identified {
  id: string;
}
const isIdentified = (value: unknown): value is Identified =>
  typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";

interface Listing {
  items: unknown[];
}
const isListing = (value: unknown): value is Listing =>
  typeof value === "object" && value !== null && "items" in value && Array.isArray(value.items);

interface Paged {
  pages: unknown[];
}
const isPaged = (value: unknown): value is Paged =>
  typeof value === "object" && value !== null && "pages" in value && Array.isArray(value.pages);

/**
 * Puts a new version of one object wherever the cache holds the old one under `prefix`: as itself, in lists, in paged lists.
 * A list whose query has `meta.admits` gains the object when it fits and loses it when it no longer does.
 */
export function patchObject(client: QueryClient, prefix: QueryKey, object: Identified): void {
  for (const query of client.getQueryCache().findAll({ queryKey: prefix })) {
    const data: unknown = query.state.data;
    const admits = query.meta?.admits;
    const belongs = typeof admits === "function" ? (admits as (it: unknown) => boolean)(object) : null;
    const next = patched(data, object, belongs);
    if (next !== data) client.setQueryData(query.queryKey, next);
  }
}

/** `data` with `object` in its place. `belongs`: true adds it to a list, false takes it out, null only replaces. */
export function patched(data: unknown, object: Identified, belongs: boolean | null): unknown {
  if (isIdentified(data)) return data.id === object.id ? { ...data, ...object } : data;
  if (isPaged(data)) return patchedPages(data, object, belongs);
  if (!isListing(data)) return data;
  const at = data.items.findIndex((item) => isIdentified(item) && item.id === object.id);
  if (at >= 0 && belongs === false) return { ...data, items: data.items.toSpliced(at, 1) };
  if (at >= 0) return { ...data, items: data.items.with(at, { ...Object(data.items[at]), ...object }) };
  return belongs ? { ...data, items: [object, ...data.items] } : data;
}

function patchedPages(data: Paged, object: Identified, belongs: boolean | null): unknown {
  const holds = data.pages.some(
    (page) => isListing(page) && page.items.some((item) => isIdentified(item) && item.id === object.id),
  );
  const pages = data.pages.map((page, index) =>
    patched(page, object, belongs === true && (holds || index > 0) ? null : belongs),
  );
  return pages.some((page, index) => page !== data.pages[index]) ? { ...data, pages } : data;
}

/** Takes an object out of every list under `prefix`. */
export function dropObject(client: QueryClient, prefix: QueryKey, id: string): void {
  for (const query of client.getQueryCache().findAll({ queryKey: prefix })) {
    const data: unknown = query.state.data;
    if (isIdentified(data)) continue;
    const next = patched(data, { id }, false);
    if (next !== data) client.setQueryData(query.queryKey, next);
  }
}

/** The cached object with this id under `prefix`, from wherever it is held. */
export function cachedObject<T extends Identified>(
  client: QueryClient,
  prefix: QueryKey,
  id: string,
): T | undefined {
  for (const query of client.getQueryCache().findAll({ queryKey: prefix })) {
    const data: unknown = query.state.data;
    const lists = isPaged(data) ? data.pages : [data];
    for (const list of lists) {
      const found = isListing(list)
        ? list.items.find((item) => isIdentified(item) && item.id === id)
        : isIdentified(list) && list.id === id
          ? list
          : undefined;
      if (found !== undefined) return found as T;
    }
  }
  return undefined;
}
