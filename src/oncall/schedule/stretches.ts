export * from "../../platform/hours/stretches.ts";
