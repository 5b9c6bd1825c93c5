import type { z } from "zod";
import type { FormField } from "../channels/channel.ts";
import { type CallContext, networkFailure } from "../channels/http-call.ts";
import type { Answers } from "../replies/answers.ts";

/** A request that a provider makes to Keepwatch: exactly what came, because signatures are over just that. */
export interface ProviderRequest {
  method: string;
  /** What stands after the provider's own part of the address; empty when nothing does. */
  path: string;
  /** The whole address as the provider called it. */
  url: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

export interface ProviderResponse {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

export interface ListenContext extends CallContext {
  answers: Answers;
  now(): Temporal.Instant;
  /** Waits by the clock; rejects when listening is to stop. */
  pause(ms: number): Promise<void>;
  /** Logs a failure that changes nothing, and goes on. */
  passOver(error: unknown): void;
  /** Where listening went on last; what was saved is there again after a restart. */
  state: Readonly<Record<string, unknown>>;
  save(state: Record<string, unknown>): Promise<void>;
  /** Says that the provider can be reached; until then, and after a failure, it counts as failing. */
  works(): Promise<void>;
}

export interface CheckContext extends CallContext {
  now: Temporal.Instant;
}

export interface ReceiveContext extends CheckContext {
  answers: Answers;
}

/** What a provider says of itself when it is asked: who we are there, or why not. */
export type ProviderCheck = { ok: true; text: string } | { ok: false; text: string };

/** At most `count` messages within any `withinMs`: through the account, or to one destination of those it names. */
export interface Pace {
  per: "account" | "destination";
  count: number;
  withinMs: number;
}

/**
 * An account with somebody who carries messages. One file per kind exports one of these; its form, its API validation,
 * its YAML, its environment variables and its docs come from it.
 */
export interface ProviderKind<Id extends string, Settings extends Record<string, unknown>> {
  id: Id;
  label: string;
  settings: z.ZodType<Settings>;
  /** Settings that are sealed at rest and never shown. */
  secrets: readonly (keyof Settings & string)[];
  form: readonly FormField[];
  /** Markdown: where the account comes from, step by step. */
  docs: string;
  /** The environment variable of each setting; a provider is made of them when the first one is set. */
  environment: Readonly<Partial<Record<keyof Settings & string, `KEEPWATCH_${string}`>>>;
  /** How answers come back: not at all, by asking the provider (works behind a NAT), or by its calling us. */
  answers: "none" | "outbound" | "inbound";
  /** Settings that the installation makes for itself, once: keys rather than somebody's account. */
  make?(): Settings;
  /** How fast it may be called for such a message, by its documentation; left out, as fast as we can. */
  paces?(channel: string, address: Readonly<Record<string, unknown>>): readonly Pace[];
  /** Asks the provider whether these settings work. Throws what the network threw. */
  check(settings: Settings, context: CheckContext): Promise<ProviderCheck>;
  /** Hears answers until `context.signal` is aborted. Throws what went wrong; it is begun again after a pause. */
  listen?(settings: Settings, context: ListenContext): Promise<void>;
  /** Answers a request of the provider's, whose signature it checks first. */
  receive?(settings: Settings, request: ProviderRequest, context: ReceiveContext): Promise<ProviderResponse>;
}

/** What the store and the engine need of a kind whose settings were parsed by that same kind. */
export interface AnyProviderKind {
  id: string;
  label: string;
  secrets: readonly string[];
  form: readonly FormField[];
  docs: string;
  environment: Readonly<Record<string, string>>;
  answers: "none" | "outbound" | "inbound";
  make: (() => Record<string, unknown>) | undefined;
  parse(settings: unknown): z.ZodSafeParseResult<Record<string, unknown>>;
  paces(channel: string, address: Readonly<Record<string, unknown>>): readonly Pace[];
  /** Throws only when aborted. */
  check(settings: unknown, context: CheckContext): Promise<ProviderCheck>;
  listen: ((settings: unknown, context: ListenContext) => Promise<void>) | undefined;
  receive:
    | ((settings: unknown, request: ProviderRequest, context: ReceiveContext) => Promise<ProviderResponse>)
    | undefined;
}

/** Checks a kind's shape and adds the untyped door through which stored settings come in. */
export function defineProvider<Id extends string, Settings extends Record<string, unknown>>(
  kind: ProviderKind<Id, Settings>,
): ProviderKind<Id, Settings> & { any: AnyProviderKind } {
  const { id, label, secrets, form, docs, answers, make, listen, receive } = kind;
  const environment = Object.fromEntries(Object.entries<string | undefined>(kind.environment).flatMap(given));
  const any: AnyProviderKind = {
    ...{ id, label, secrets, form, docs, environment, answers, make },
    parse: (settings) => kind.settings.safeParse(settings),
    paces: (channel, address) => kind.paces?.(channel, address) ?? [],
    check: (settings, context) => {
      const known = kind.settings.parse(settings);
      return checked(() => kind.check(known, context), context);
    },
    listen: listen && ((settings, context) => listen(kind.settings.parse(settings), context)),
    receive:
      receive && ((settings, request, context) => receive(kind.settings.parse(settings), request, context)),
  };
  return { ...kind, any };
}

async function checked(ask: () => Promise<ProviderCheck>, { signal }: CheckContext): Promise<ProviderCheck> {
  try {
    return await ask();
  } catch (error) {
    if (signal.aborted) throw error;
    return { ok: false, text: networkFailure(error).why };
  }
}

const given = ([name, variable]: [string, string | undefined]): [string, string][] =>
  variable === undefined ? [] : [[name, variable]];
