import { z } from "zod";
import { duration, pattern, texts } from "../base/fields.ts";
import { jsonExpectations } from "../base/json-wish.ts";
import { MOST_BODY_BYTES } from "./body.ts";
import { headerName } from "./header.ts";
import { compileSchema } from "./json-schema.ts";
import { parseStatusRanges } from "./status-range.ts";

const statusRange = z.union([
  z.int().min(100).max(599),
  z.string().refine((text) => parseStatusRanges(text) !== null, 'write a status as 200, "200-299" or "2xx"'),
]);

const headerExpectation = z
  .strictObject({
    name: headerName,
    exists: z.boolean().optional(),
    equals: z.string().optional(),
    contains: z.string().min(1).optional(),
    excludes: z.string().min(1).optional(),
    matches: pattern.optional(),
  })
  .refine((each) => Object.keys(each).length > 1, {
    message: "say what to expect of it: exists, equals, contains, excludes or matches",
  });

const patterns = z.union([pattern, z.array(pattern).min(1).max(20)]);

const redirectsTo = z.string().refine((text) => text.startsWith("/") || /^https?:\/\/[^/]/i.test(text), {
  message: "write where it leads in full (https://example.com/login) or as a path (/login)",
});

const bytes = z.int("write bytes as a whole number, e.g. 2048").min(0);
const TOO_LARGE = `bodies are read up to 1 MiB (${MOST_BODY_BYTES}); write less`;

const size = z
  .strictObject({
    min: bytes.max(MOST_BODY_BYTES, TOO_LARGE).optional(),
    max: bytes.max(MOST_BODY_BYTES - 1, TOO_LARGE).optional(),
  })
  .refine(({ min, max }) => min !== undefined || max !== undefined, { message: "write min, max or both" })
  .refine(({ min = 0, max = MOST_BODY_BYTES }) => min <= max, {
    path: ["min"],
    message: "min is above max, so that no body fits",
  });

const jsonSchema = z
  .union([z.string(), z.record(z.string(), z.unknown())], "write a JSON Schema, or its YAML as one text")
  .superRefine((schema, issue) => {
    try {
      compileSchema(schema);
    } catch (error) {
      issue.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
    }
  });

const httpVersion = z.union([z.literal([1, 1.1, 2]), z.literal(["1.0", "1.1", "2", "any"])], {
  error: "write 1.0, 1.1, 2 or any",
});

/** As it stands in evidence; undefined: any. */
export const answeredBy = (value: z.infer<typeof httpVersion> | undefined): string | undefined => {
  if (value === undefined || value === "any") return undefined;
  return value === 1 ? "1.0" : String(value);
};

/** What an answer must be like. */
export const expectConfig = z.strictObject({
  status: z.union([statusRange, z.array(statusRange).min(1).max(20)]).optional(),
  http_version: httpVersion.optional(),
  headers: z
    .array(headerExpectation, "write a list of headers: [{ name: content-type, contains: json }]")
    .min(1)
    .max(50)
    .optional(),
  redirects_to: redirectsTo.optional(),
  body_contains: texts.optional(),
  body_excludes: texts.optional(),
  body_matches: patterns.optional(),
  body_not_matches: patterns.optional(),
  size: size.optional(),
  json: jsonExpectations.optional(),
  json_schema: jsonSchema.optional(),
  latency: duration.optional(),
  latency_down: duration.optional(),
});

export type ExpectConfig = z.infer<typeof expectConfig>;
export type HeaderExpectation = z.infer<typeof headerExpectation>;

/** The keys of `expect` that look into the body. */
export const OF_THE_BODY = ["body_contains", "body_matches", "size", "json", "json_schema"] as const;
