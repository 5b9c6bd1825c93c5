import type { DbOrTx, Tx } from "../platform/database/database.ts";
import type { App } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import type { By } from "./actor.ts";
import type { Auth } from "./auth.ts";
import { installationRoutes } from "./installation-routes.ts";
import type { ReplaceIn, UsesOf } from "./people.ts";
import type { Me } from "./schema.ts";
import { setupRoutes } from "./setup-routes.ts";
import type { ServicesPerTeam, TeamUsesOf } from "./teams.ts";
import { teamRoutes } from "./teams-routes.ts";
import { tokenRoutes } from "./tokens-routes.ts";
import { userRoutes } from "./users-routes.ts";

/** What the folders above know and `main` hands in. */
export interface OrgDeps {
  auth: Auth;
  version: string;
  demo: boolean;
  /** Where a person is used, and how each folder replaces them. */
  uses: readonly UsesOf[];
  replace: readonly ReplaceIn[];
  /** What still belongs to or names a team. */
  teamUses: readonly TeamUsesOf[];
  servicesPerTeam: ServicesPerTeam;
  /** For what the person is on call, and until when. */
  onCallOf: (db: DbOrTx, userId: string, now: Temporal.Instant) => Promise<Me["on_call"]>;
  /** Called in the transaction that ends a pause of paging early. */
  pagingResumed?: (tx: Tx, by: By) => Promise<void>;
}

/** Everything about people and the installation under `/api/v1`; signing in is `authRoutes`. */
export function orgRoutes(app: App, platform: Platform, deps: OrgDeps): void {
  installationRoutes(app, platform, deps);
  userRoutes(app, platform, deps);
  teamRoutes(app, platform, deps);
  tokenRoutes(app, platform);
  setupRoutes(app, platform, deps);
}
