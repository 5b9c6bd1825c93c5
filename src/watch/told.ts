import type { By } from "../org/actor.ts";
import type { Tx } from "../platform/database/database.ts";
import { groupChanged, groupPaused } from "./group/engine.ts";
import { heartbeatChanged, heartbeatMade, heartbeatPaused } from "./heartbeat/engine.ts";
import type { GroupConfig } from "./kinds/group/group.ts";
import type { HeartbeatConfig } from "./kinds/heartbeat/config.ts";

/** What a kind that waits to be told does when its monitor changes, in the same transaction. */
interface ToldKind {
  made(tx: Tx, by: By, monitor: { id: string; config: unknown }): Promise<void>;
  changed(tx: Tx, by: By, change: { id: string; before: unknown; after: unknown }): Promise<void>;
  paused(tx: Tx, by: By, monitor: { id: string; paused: boolean }): Promise<void>;
}

const KINDS: Readonly<Record<string, ToldKind>> = {
  heartbeat: {
    made: (tx, by, { id, config }) => heartbeatMade(tx, by, { id, config: config as HeartbeatConfig }),
    changed: (tx, by, { id, before, after }) =>
      heartbeatChanged(tx, by, { id, before: before as HeartbeatConfig, after: after as HeartbeatConfig }),
    paused: heartbeatPaused,
  },
  group: {
    made: (tx, by, { id, config }) => groupChanged(tx, by, { id, config: config as GroupConfig }),
    changed: (tx, by, { id, after }) => groupChanged(tx, by, { id, config: after as GroupConfig }),
    paused: groupPaused,
  },
};

/** Undefined for a kind that goes and looks. */
export const toldKind = (kind: string): ToldKind | undefined => KINDS[kind];
