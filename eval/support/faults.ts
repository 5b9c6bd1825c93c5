import { z } from "zod";

/** How a target fails: it answers so, or doesn't. Words in double braces are drawn anew each time. */
const behaviour = z
  .object({
    status: z.number().int().min(200).max(599).optional(),
    body: z.string().max(10_000).optional(),
    reset: z.literal(true).optional(),
    refuse: z.literal(true).optional(),
    hang: z.literal(true).optional(),
  })
  .strict();
export type Behaviour = z.infer<typeof behaviour>;

const effect = z.union([z.object({ variants: z.array(behaviour).min(1) }).strict(), behaviour]);
export type Effect = z.infer<typeof effect>;

const slug = z.string().regex(/^[a-z\d][a-z\d-]*$/);

/** What is broken and how: services with their monitors, faults with what each monitor then sees. */
export const faultList = z
  .object({
    services: z.array(z.object({ slug, monitors: z.array(slug).min(1) }).strict()).min(1),
    noise: z
      .object({ effect, share: z.number().min(0).max(1) })
      .strict()
      .optional(),
    faults: z
      .array(
        z
          .object({
            id: z.string().min(1),
            service: slug,
            times: z.number().int().min(1).max(20).default(4),
            like: z.string().optional().describe("a fault with the same symptom and another cause"),
            effects: z.record(slug, effect),
          })
          .strict(),
      )
      .min(1),
  })
  .strict();
export type FaultList = z.infer<typeof faultList>;
export type Fault = FaultList["faults"][number];

const hex = (random: () => number, digits: number): string =>
  Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join("");

const DRAWN: Record<string, (random: () => number) => string> = {
  int: (random) => String(Math.floor(10 + random() * 90_000)),
  hex: (random) => `${hex(random, 11)}${Math.floor(random() * 10)}`,
  uuid: (random) => [8, 4, 4, 4, 12].map((digits) => hex(random, digits)).join("-"),
  host: (random) => `node-${Math.floor(random() * 90)}.zone-${hex(random, 1)}.internal`,
  ip: (random) => [10, random() * 250, random() * 250, random() * 250].map(Math.floor).join("."),
  time: (random) =>
    new Temporal.Instant(BigInt(Math.floor(1.7e9 + random() * 1e8)) * 1_000_000_000n).toString(),
};

/** One way to fail out of an effect, with its words drawn. */
export function drawn(effect: Effect, random: () => number): Behaviour {
  const chosen =
    "variants" in effect ? effect.variants[Math.floor(random() * effect.variants.length)] : effect;
  const body = chosen?.body?.replace(
    /\{\{(\w+)\}\}/g,
    (whole, name: string) => DRAWN[name]?.(random) ?? whole,
  );
  return { ...chosen, body };
}
