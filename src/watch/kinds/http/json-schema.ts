import { createRequire } from "node:module";
import type { Ajv2020, ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import { parse } from "yaml";
import { bounded } from "../base/bounded.ts";
import { quote } from "../base/finding.ts";

/** A schema as it is written: inline, or as YAML or JSON text. */
export type WrittenSchema = string | Record<string, unknown>;

const LONGEST_COMPILE_MS = 1_000;
/** Longest one body may be judged, patterns included. */
const LONGEST_VALIDATION_MS = 100;
const MOST_TOLD = 3;
const LONGEST_SCHEMA = 100_000;

const load = createRequire(import.meta.url);
let ajv: Ajv2020 | undefined;

/** Loaded when a monitor first has a schema: most installations never pay for it. */
function compiler(): Ajv2020 {
  if (ajv) return ajv;
  const { Ajv2020 }: typeof import("ajv/dist/2020.js") = load("ajv/dist/2020.js");
  const { default: addFormats }: typeof import("ajv-formats") = load("ajv-formats");
  ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true, logger: false });
  addFormats.default(ajv);
  return ajv;
}

/** Makes a validator of a schema. Throws an `Error` whose message names the mend. */
export function compileSchema(written: WrittenSchema): ValidateFunction {
  const schema = readSchema(written);
  const compiled = compiler();
  try {
    const result = bounded(() => compiled.compile(schema), LONGEST_COMPILE_MS);
    if (result.done) return result.value;
    // Stopped in the middle of its work, it is good for nothing more.
    ajv = undefined;
    throw new Error("it is too complicated to prepare within a second; make it smaller");
  } catch (error) {
    throw new Error(mendOf(error instanceof Error ? error.message : String(error)));
  } finally {
    // Else the compiler keeps every schema it has ever seen.
    compiled.removeSchema(schema);
  }
}

function readSchema(written: WrittenSchema): Record<string, unknown> {
  const schema: unknown = typeof written === "string" ? parse(written) : structuredClone(written);
  if (!isRecord(schema)) throw new Error("write a JSON Schema, e.g. { type: object, required: [status] }");
  if (JSON.stringify(schema).length > LONGEST_SCHEMA) {
    throw new Error(`it is longer than ${LONGEST_SCHEMA} characters; leave out what need not be checked`);
  }
  // A name of its own would be kept beside those of other monitors' schemas, and clash with them.
  delete schema.$id;
  if ("$async" in schema) throw new Error("$async is not for monitors; leave it out");
  return schema;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function mendOf(message: string): string {
  if (/no schema with key or ref/.test(message)) return "schemas are read as 2020-12; leave $schema out";
  if (/can't resolve reference/.test(message))
    return `${message}; what it refers to must stand in it, under $defs`;
  return message.replace(/^schema is invalid: /, "it is not a JSON Schema: ").replaceAll("data/", "/");
}

/** `unjudged`: the schema could not be held against the document, which says nothing of the document. */
export interface Fault {
  words: string;
  unjudged: boolean;
}

const TOO_SLOW = `takes longer than ${LONGEST_VALIDATION_MS} ms to compare with the schema; make the schema simpler`;

/** What is wrong with the document, the first three faults in words; null when it fits. */
export function faultOf(validate: ValidateFunction, document: unknown): Fault | null {
  try {
    const result = bounded(() => validate(document), LONGEST_VALIDATION_MS);
    if (!result.done) return { words: TOO_SLOW, unjudged: true };
    if (result.value) return null;
  } catch (error) {
    // A schema that refers to itself runs out of stack on a document nested deeply enough.
    if (!(error instanceof RangeError)) throw error;
    return { words: "is nested too deeply to compare with the schema", unjudged: true };
  }
  const errors = validate.errors ?? [];
  const told = errors.slice(0, MOST_TOLD).map(wordsOf).join("; ");
  const more = errors.length > MOST_TOLD ? `; and ${errors.length - MOST_TOLD} more` : "";
  return { words: told + more, unjudged: false };
}

function wordsOf({ keyword, instancePath, params, data, message = "" }: ErrorObject): string {
  const path = pathOf(instancePath);
  switch (keyword) {
    case "required":
      return `${path}${step(String(params.missingProperty))} is missing`;
    case "additionalProperties":
      return `${path}${step(String(params.additionalProperty))} is not allowed`;
    case "unevaluatedProperties":
      return `${path}${step(String(params.unevaluatedProperty))} is not allowed`;
    case "enum":
      return `${path} is ${quote(data)}, must be one of ${quote(params.allowedValues)}`;
    case "const":
      return `${path} is ${quote(data)}, must be ${quote(params.allowedValue)}`;
  }
  const isPlain = typeof data !== "object" || data === null;
  return isPlain ? `${path} is ${quote(data)}, ${message}` : `${path} ${message}`;
}

/** `/items/0/odd name` → `$.items[0]["odd name"]`. */
const pathOf = (pointer: string): string =>
  `$${pointer
    .split("/")
    .slice(1)
    .map((key) => step(key.replaceAll("~1", "/").replaceAll("~0", "~")))
    .join("")}`;

const step = (key: string): string => {
  if (/^\d+$/.test(key)) return `[${key}]`;
  return /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
};
