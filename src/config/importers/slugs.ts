const LONGEST = 64;

/** A readable slug: `Plattform Süd (24/7)` is `plattform-sud-24-7`; a name without Latin letters or digits is `otherwise`. */
export function slugOf(name: string, otherwise: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return plain.slice(0, LONGEST).replace(/-+$/, "") || otherwise;
}

/** Hands out slugs that nobody has yet: the second `web` is `web-2`. Ask in an order that stays the same. */
export function slugGiver(): (name: string, otherwise: string) => string {
  const given = new Set<string>();
  return (name, otherwise) => {
    const wanted = slugOf(name, otherwise);
    let slug = wanted;
    for (let n = 2; given.has(slug); n++) {
      const tail = `-${n}`;
      slug = wanted.slice(0, LONGEST - tail.length) + tail;
    }
    given.add(slug);
    return slug;
  };
}
