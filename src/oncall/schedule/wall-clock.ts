export * from "../../platform/hours/wall-clock.ts";
