import { ApiProblem, messageOf } from "../../lib/api.ts";
import type { Postmortem } from "../../lib/types.ts";
import { changedSince, type FieldName, type Fields, fieldsOf, merge, patchOf } from "./merge.ts";

export type SaveState =
  | { kind: "saved" }
  | { kind: "waiting" }
  | { kind: "saving" }
  /** Not saved, tried again by itself. */
  | { kind: "offline"; message: string }
  /** Refused: what is written stays here, and is sent again with the next change. */
  | { kind: "refused"; message: string }
  /** Somebody else wrote the same fields; nothing is sent until that is settled. */
  | { kind: "conflict" };

export interface Snapshot {
  fields: Fields;
  save: SaveState;
  conflicts: readonly FieldName[];
  /** Counts up for a field whose text was replaced from outside, so that its editor takes it over. */
  epochs: Readonly<Partial<Record<FieldName, number>>>;
}

interface Server {
  patch(body: Record<string, unknown>): Promise<Postmortem>;
  load(): Promise<Postmortem>;
}

const SAVE_AFTER_MS = 900;
const RETRY_MS = 5000;

/**
 * A postmortem while it is written: saves by itself a moment after each change, and never over somebody else's words.
 * What another hand wrote elsewhere is taken over; where both wrote, the writer chooses.
 */
export class Manuscript {
  #base: Fields;
  #version: number;
  #snapshot: Snapshot;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  readonly #server: Server;
  readonly #listeners = new Set<() => void>();

  constructor(postmortem: Postmortem, server: Server) {
    this.#server = server;
    this.#base = fieldsOf(postmortem);
    this.#version = postmortem.version;
    this.#snapshot = { fields: this.#base, save: { kind: "saved" }, conflicts: [], epochs: {} };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  snapshot = (): Snapshot => this.#snapshot;

  #show(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const tell of this.#listeners) tell();
  }

  write(name: FieldName, text: string): void {
    if (this.#snapshot.fields[name] === text) return;
    const fields = { ...this.#snapshot.fields, [name]: text };
    const settled = this.#snapshot.conflicts.length === 0;
    this.#show({ fields, save: settled ? { kind: "waiting" } : { kind: "conflict" } });
    this.#saveIn(SAVE_AFTER_MS);
  }

  #saveIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), ms);
  }

  get isDirty(): boolean {
    return changedSince(this.#base, this.#snapshot.fields).length > 0;
  }

  /** Sends what was changed; resolves when everything is with the server, or it can't be now. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
    if (this.#snapshot.conflicts.length > 0) return;
    const sent = this.#snapshot.fields;
    const changed = changedSince(this.#base, sent);
    if (changed.length === 0) {
      this.#show({ save: { kind: "saved" } });
      return;
    }
    this.#show({ save: { kind: "saving" } });
    this.#running = this.#send(sent, changed).finally(() => {
      this.#running = undefined;
    });
    await this.#running;
    if (this.#snapshot.save.kind === "saving") await this.save();
  }

  async #send(sent: Fields, changed: readonly FieldName[]): Promise<void> {
    try {
      const saved = await this.#server.patch({ ...patchOf(sent, changed), version: this.#version });
      this.#version = saved.version;
      this.#base = { ...this.#base, ...Object.fromEntries(changed.map((name) => [name, sent[name]])) };
    } catch (error) {
      await this.#failed(error);
    }
  }

  async #failed(error: unknown): Promise<void> {
    const status = error instanceof ApiProblem ? error.status : 500;
    if (status === 409) {
      const latest = await this.#server.load().catch(() => null);
      if (latest !== null && latest.version > this.#version) {
        this.absorb(latest);
        return;
      }
    }
    const message = messageOf(error);
    if (status !== 0 && status < 500) {
      this.#show({ save: { kind: "refused", message } });
      return;
    }
    this.#show({ save: { kind: "offline", message } });
    this.#saveIn(RETRY_MS);
  }

  /** Takes over a newer version that somebody else saved. */
  absorb(latest: Postmortem): void {
    if (latest.version <= this.#version) return;
    const theirs = fieldsOf(latest);
    const { fields, conflicts, taken } = merge(this.#base, this.#snapshot.fields, theirs);
    this.#base = theirs;
    this.#version = latest.version;
    const all = [...new Set([...this.#snapshot.conflicts, ...conflicts])];
    this.#show({
      fields,
      conflicts: all,
      epochs: this.#advanced(taken),
      ...(all.length > 0 ? { save: { kind: "conflict" } } : {}),
    });
  }

  #advanced(names: readonly FieldName[]): Snapshot["epochs"] {
    const { epochs } = this.#snapshot;
    return { ...epochs, ...Object.fromEntries(names.map((name) => [name, (epochs[name] ?? 0) + 1])) };
  }

  /** Settles a field that both wrote: mine goes over theirs, or theirs takes its place. */
  settle(name: FieldName, whose: "mine" | "theirs"): void {
    const conflicts = this.#snapshot.conflicts.filter((other) => other !== name);
    const theirs = whose === "theirs";
    this.#show({
      conflicts,
      save: { kind: conflicts.length > 0 ? "conflict" : "waiting" },
      ...(theirs
        ? {
            fields: { ...this.#snapshot.fields, [name]: this.#base[name] },
            epochs: this.#advanced([name]),
          }
        : {}),
    });
    this.#saveIn(0);
  }

  /** What the other hand wrote in this field. */
  theirs = (name: FieldName): string => this.#base[name];

  /** Sends what is left and stops by itself. */
  stop(): void {
    clearTimeout(this.#timer);
    if (this.isDirty) void this.save();
  }
}
