import tls from "node:tls";
import { createAddressGuard } from "../../../platform/net/address-guard.ts";
import { createResolver } from "../../../platform/net/resolver.ts";
import { VALID } from "../../fixtures/certificates.ts";
import type { CheckContext, CheckResult, MonitorKind } from "../kind.ts";

const secureContext = tls.createSecureContext({ ca: [VALID] });
const resolve = createResolver();
const guard = createAddressGuard({ ownPorts: [7243], allowPrivate: true });

/** A context that trusts the fixture certificate and may reach loopback; it is 2026 unless told otherwise. */
export const contextWith = (more: Partial<CheckContext> = {}): CheckContext => ({
  resolve,
  guard,
  secureContext,
  monotonicMs: () => performance.now(),
  wallMs: () => Temporal.Instant.from("2026-11-23T08:00:00Z").epochMilliseconds,
  timeoutMs: 2_000,
  verbose: false,
  ...more,
});

/** A `check` of one kind: parses the configuration as the API would, and runs it once. */
export const checkWith =
  <Config>(kind: MonitorKind<Config>) =>
  (config: unknown, more: Partial<CheckContext> = {}): Promise<CheckResult> =>
    kind.check(kind.schema.parse(config), contextWith(more));
