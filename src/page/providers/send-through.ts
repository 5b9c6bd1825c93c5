import type { SendResult } from "../model.ts";
import type { OpenProvider } from "./providers.ts";

/** So many failures in a row and a provider is passed over for a while, as long as there is another. */
const MOST_FAILURES = 5;
const REST_MS = 30_000;

interface Health {
  failures: number;
  restsUntil: number;
}

/** Which providers have been failing, in this process. Milliseconds of any clock that goes forward. */
export interface Breaker {
  /** Those that are not resting first; one that rests is better than none. */
  order(providers: readonly OpenProvider[], nowMs: number): OpenProvider[];
  heard(provider: OpenProvider, result: SendResult, nowMs: number): void;
}

export function createBreaker(): Breaker {
  const health = new Map<string, Health>();
  const rests = (provider: OpenProvider, nowMs: number) => (health.get(provider.id)?.restsUntil ?? 0) > nowMs;
  return {
    order: (providers, nowMs) => [
      ...providers.filter((each) => !rests(each, nowMs)),
      ...providers.filter((each) => rests(each, nowMs)),
    ],
    heard(provider, result, nowMs) {
      if (result.kind !== "retry") return void health.delete(provider.id);
      const failures = (health.get(provider.id)?.failures ?? 0) + 1;
      health.set(provider.id, { failures, restsUntil: failures >= MOST_FAILURES ? nowMs + REST_MS : 0 });
    },
  };
}

/**
 * One try through the first provider that takes the message. A provider that fails for now is followed by the next one
 * at once, and so is one that refuses our account; one that refuses has refused the address, and that is the answer.
 * @param send answers null when the provider has no room within its pace
 * @param how.first the id of the provider to begin with
 */
export async function sendThrough(
  providers: readonly OpenProvider[],
  { breaker, nowMs, first }: { breaker: Breaker; nowMs: () => number; first?: string | null },
  send: (provider: OpenProvider, isLast: boolean) => Promise<SendResult | null>,
): Promise<SendResult> {
  const said: string[] = [];
  let afterMs: number | undefined;
  let retried = false;
  const inOrder = breaker
    .order(providers, nowMs())
    .toSorted((a, b) => Number(b.id === first) - Number(a.id === first));
  for (const provider of inOrder) {
    const result = await send(provider, provider === inOrder.at(-1));
    if (result === null) {
      said.push(`${provider.slug}: has no room for more just now`);
      continue;
    }
    breaker.heard(provider, result, nowMs());
    const words = result.kind === "accepted" ? result.detail : result.why;
    const named = providers.length > 1 ? `${provider.slug}: ${words}` : words;
    said.push(named);
    if (result.kind === "accepted") return { ...result, detail: said.join("; ") };
    if (result.kind === "refused" && !(result.account && provider !== inOrder.at(-1)))
      return retried ? { kind: "retry", why: said.join("; ") } : { ...result, why: said.join("; ") };
    if (result.kind === "refused") continue;
    retried = true;
    afterMs = Math.min(afterMs ?? Number.POSITIVE_INFINITY, result.afterMs ?? Number.POSITIVE_INFINITY);
  }
  const why = said.join("; ");
  return afterMs === undefined || !Number.isFinite(afterMs)
    ? { kind: "retry", why }
    : { kind: "retry", why, afterMs };
}
