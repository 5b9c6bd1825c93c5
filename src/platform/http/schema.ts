import { z } from "zod";

/** An instant in UTC, RFC 3339, e.g. `2026-11-23T08:00:00Z`. */
export const instant = z.iso.datetime({ offset: true });
export const id = z.uuid();
/** Lower-case letters, digits and dashes; begins with a letter or digit; 64 at most. */
export const slug = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,63}$/,
    "use lower-case letters, digits and dashes, 64 at most, e.g. web-primary",
  );
export const email = z.email().max(254);
export const duration = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m|h|d|w)$/, 'a duration is a number and a unit, e.g. "20s", "5m", "2h" or "3d"');

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().optional(),
});

/** A page of a list: `next` is the cursor of the following one, null on the last. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable() });

/** RFC 9457 problem details; `errors` names each wrong field by JSON pointer. */
export const problemDetails = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: "Problem" });

export const named = z.object({ slug: z.string(), name: z.string() });
export const personRef = z.object({ id, name: z.string(), email: z.string() });
export type PersonRef = z.infer<typeof personRef>;

type Patch<Shape extends z.ZodRawShape> = z.ZodObject<{
  [Key in keyof Shape]: z.ZodOptional<Shape[Key] extends z.ZodDefault<infer Inner> ? Inner : Shape[Key]>;
}>;

/** An object of which any part may be sent. Defaults are taken off: what is absent from a PATCH stays as it is. */
export function patchOf<Shape extends z.ZodRawShape>(object: z.ZodObject<Shape>): Patch<Shape> {
  const fields = Object.entries(object.shape).map(([key, field]) => {
    const bare = field instanceof z.ZodDefault ? field.unwrap() : field;
    return [key, z.optional(bare)];
  });
  return z.object(Object.fromEntries(fields)) as Patch<Shape>;
}
