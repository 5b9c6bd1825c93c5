import { z } from "zod";
import { id, instant, slug } from "../../platform/http/schema.ts";

const formField = z.object({
  name: z.string(),
  label: z.string(),
  type: z.enum(["text", "email", "url", "secret"]),
  help: z.string(),
  required: z.boolean(),
});

export const providerKind = z
  .object({
    id: z.string(),
    label: z.string(),
    form: z.array(formField),
    docs: z.string(),
    environment: z.record(z.string(), z.string()).describe("the environment variable of each setting"),
    answers: z
      .enum(["none", "outbound", "inbound"])
      .describe(
        "how answers come back: not at all, by asking the provider, or by its calling this installation",
      ),
  })
  .meta({ id: "ProviderKind" });

export const provider = z
  .object({
    id,
    slug,
    kind: z.string(),
    label: z.string(),
    settings: z.record(z.string(), z.unknown()).describe("secrets left out"),
    position: z.number().int(),
    managed_by: z.enum(["ui", "config", "environment"]),
    failing: z.object({ since: instant, why: z.string() }).nullable(),
    callback_url: z
      .string()
      .nullable()
      .describe("what the provider is to call, where it brings answers by calling"),
  })
  .meta({ id: "Provider" });
export type ProviderJson = z.infer<typeof provider>;

export const providerSlug = z.object({ slug });
export const providerInput = z.object({
  kind: z.string(),
  settings: z.record(z.string(), z.unknown()),
  position: z.number().int().min(0).max(1_000).optional(),
});
export const providerCheck = z.object({
  ok: z.boolean(),
  text: z.string().describe("the provider's own words"),
});
