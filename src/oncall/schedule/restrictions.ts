export * from "../../platform/hours/restrictions.ts";
