import type { Command } from "./command.ts";

/** Every command, loaded when it is called: `keepwatch version` need not load the server. */
export const commands: Record<string, { summary: string; load: () => Promise<Command> }> = {
  serve: {
    summary: "Run Keepwatch (what `npm start` does)",
    load: async () => (await import("./serve.ts")).serve,
  },
  demo: {
    summary: "Run it with 90 days of made-up history",
    load: async () => (await import("./serve.ts")).demo,
  },
  plan: {
    summary: "Show what a configuration would change",
    load: async () => (await import("./config.ts")).plan,
  },
  apply: { summary: "Apply a configuration", load: async () => (await import("./config.ts")).apply },
  export: {
    summary: "Print everything as configuration",
    load: async () => (await import("./config.ts")).exporting,
  },
  import: {
    summary: "Bring teams, schedules and policies over from Opsgenie",
    load: async () => (await import("./import.ts")).importing,
  },
  oncall: {
    summary: "Who is on call, now or at a given instant",
    load: async () => (await import("./oncall.ts")).oncall,
  },
  simulate: {
    summary: "Who would be paged, and when",
    load: async () => (await import("./simulate.ts")).simulate,
  },
  check: {
    summary: "Run a monitor's check once and print all of it",
    load: async () => (await import("./check.ts")).check,
  },
  status: {
    summary: "Say how a manual monitor is",
    load: async () => (await import("./status.ts")).status,
  },
  mute: {
    summary: "Page nobody about a service or monitor for a while",
    load: async () => (await import("./mute.ts")).mute,
  },
  unmute: {
    summary: "Page again about what was muted",
    load: async () => (await import("./mute.ts")).unmute,
  },
  backup: {
    summary: "Write everything into one file",
    load: async () => (await import("./backup.ts")).backup,
  },
  restore: {
    summary: "Put a backup into an empty database",
    load: async () => (await import("./restore.ts")).restore,
  },
  user: {
    summary: "List people, add one, reset a password",
    load: async () => (await import("./user.ts")).user,
  },
  token: {
    summary: "List, make and revoke API tokens",
    load: async () => (await import("./token.ts")).token,
  },
  doctor: { summary: "Look for what is wrong", load: async () => (await import("./doctor.ts")).doctor },
  version: { summary: "Print the version", load: async () => (await import("./version.ts")).version },
};
