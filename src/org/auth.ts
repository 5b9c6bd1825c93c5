import { betterAuth } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";
import pg from "pg";
import { newId } from "../platform/ids.ts";
import type { Platform } from "../platform/platform.ts";
import { by } from "./actor.ts";
import { actorForUser } from "./actor-load.ts";
import { audit } from "./audit.ts";
import { resetMail } from "./mails.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";
import { createRateLimit } from "./rate-limit.ts";
import { resetLink } from "./reset.ts";
import { MIN_PASSWORD } from "./schema.ts";

/** Signing in and out, sessions and passwords. */
export interface Auth {
  /** Answers a request to `/api/auth/*`. */
  handle(request: Request): Promise<Response>;
  /** Whose session the cookies carry, and cookies to set when it was prolonged. */
  session(headers: Headers): Promise<{ userId: string; cookies: string[] } | null>;
  /** Signs in and answers with the cookies to set; throws when the password is wrong. */
  signIn(credentials: { email: string; password: string }, headers: Headers): Promise<string[]>;
  /** Is this one of Keepwatch's own addresses? */
  trusts(origin: string): boolean;
  close(): Promise<void>;
}

export interface AuthOptions {
  platform: Platform;
  databaseUrl: string;
  /** Where this process listens, once it does: loopback addresses with this port are its own as well. */
  port: () => number | undefined;
}

/** The header in which the server tells better-auth the client's address; one from outside is overwritten. */
export const ADDRESS_HEADER = "x-keepwatch-client-address";

const SESSION_S = 30 * 86_400;
const PROLONG_AFTER_S = 86_400;

/**
 * better-auth over its own few connections, since it wants JavaScript dates.
 * Call it after migrating only: it looks at the tables once and remembers what was missing.
 */
export function createAuth({ platform, databaseUrl, port }: AuthOptions): Auth {
  const pool = openPool(platform, databaseUrl);
  const own = (): string[] => {
    const open = port();
    const loopback =
      open === undefined ? [] : ["127.0.0.1", "localhost", "[::1]"].map((host) => `http://${host}:${open}`);
    return [new URL(platform.url).origin, ...loopback];
  };
  const auth = betterAuth({
    ...tables,
    appName: "Keepwatch",
    baseURL: platform.url,
    basePath: "/api/auth",
    secret: platform.secrets.sign("better-auth", "secret"),
    database: pool,
    telemetry: { enabled: false },
    trustedOrigins: own,
    emailAndPassword: passwordOptions(platform),
    session: { ...tables.session, expiresIn: SESSION_S, updateAge: PROLONG_AFTER_S },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 300,
      customStorage: createRateLimit(platform.clock),
      customRules: {
        "/sign-in/email": { window: 60, max: 20 },
        "/request-password-reset": { window: 300, max: 5 },
        "/reset-password": { window: 60, max: 20 },
        "/change-password": { window: 60, max: 20 },
      },
    },
    advanced: {
      cookiePrefix: "keepwatch",
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      database: { generateId: () => newId(platform.clock) },
    },
    databaseHooks: {
      session: { create: { before: (session) => refuseDeactivated(platform, session.userId) } },
    },
    hooks: {
      after: createAuthMiddleware(async (ctx) => {
        if (ctx.path !== "/change-password" || ctx.context.returned instanceof APIError) return;
        const userId = ctx.context.session?.user.id;
        if (userId) await recordPassword(platform, userId, "changed the password");
      }),
    },
    logger: { level: "warn", log: (level, message) => platform.log[level]({ part: "auth" }, message) },
  });
  return {
    handle: (request) => auth.handler(request),
    async session(headers) {
      const { headers: answered, response } = await auth.api.getSession({ headers, returnHeaders: true });
      return response && { userId: response.user.id, cookies: answered.getSetCookie() };
    },
    async signIn(body, headers) {
      const { headers: answered } = await auth.api.signInEmail({ body, headers, returnHeaders: true });
      return answered.getSetCookie();
    },
    trusts: (origin) => own().includes(origin),
    close: () => pool.end(),
  };
}

function openPool(platform: Platform, url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: 3,
    idleTimeoutMillis: 10_000,
    connectionTimeoutMillis: 10_000,
    allowExitOnIdle: true,
    application_name: "keepwatch auth",
    options: "-c TimeZone=UTC",
  });
  pool.on("error", (error) => platform.log.warn({ error }, "a connection of the sign-in was lost"));
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

const at = { createdAt: "created_at", updatedAt: "updated_at" };

/** Where better-auth finds its tables and columns. */
const tables = {
  user: { modelName: "users", fields: { emailVerified: "email_verified", ...at } },
  session: {
    modelName: "auth_sessions",
    fields: {
      userId: "user_id",
      expiresAt: "expires_at",
      ipAddress: "ip_address",
      userAgent: "user_agent",
      ...at,
    },
  },
  account: {
    modelName: "auth_accounts",
    fields: {
      userId: "user_id",
      accountId: "account_id",
      providerId: "provider_id",
      accessToken: "access_token",
      refreshToken: "refresh_token",
      idToken: "id_token",
      accessTokenExpiresAt: "access_token_expires_at",
      refreshTokenExpiresAt: "refresh_token_expires_at",
      ...at,
    },
  },
  verification: {
    modelName: "auth_verifications",
    fields: { expiresAt: "expires_at", ...at },
    storeIdentifier: "hashed",
  },
} as const;

const passwordOptions = (platform: Platform) => ({
  enabled: true,
  disableSignUp: true,
  minPasswordLength: MIN_PASSWORD,
  maxPasswordLength: 200,
  password: { hash: (password: string) => hashPassword(password), verify: verifyPassword },
  revokeSessionsOnPasswordReset: true,
  sendResetPassword: ({
    user,
    token,
  }: {
    user: { id: string; name: string; email: string };
    token: string;
  }) => sendReset(platform, user, resetLink(platform.url, token)),
  onPasswordReset: ({ user }: { user: { id: string } }) =>
    recordPassword(platform, user.id, "reset the password"),
});

/** Not awaited: how long a mail takes would tell a stranger whether the address is known. */
async function sendReset(
  { mail, log, db }: Platform,
  user: { id: string; name: string; email: string },
  link: string,
): Promise<void> {
  if (!(await actorForUser(db, user.id))) return;
  if (!mail.available) {
    log.warn(
      { email: user.email, link },
      "no mail server is configured: hand this password reset link to the person",
    );
    return;
  }
  mail.send(resetMail(user, link)).catch((error: unknown) => {
    log.error({ error, email: user.email }, "a password reset could not be mailed");
  });
}

async function refuseDeactivated(platform: Platform, userId: string): Promise<void> {
  if (await actorForUser(platform.db, userId)) return;
  throw new APIError("FORBIDDEN", {
    code: "DEACTIVATED",
    message: "This account is deactivated. Ask an administrator to reactivate it.",
  });
}

async function recordPassword(platform: Platform, userId: string, action: string): Promise<void> {
  const actor = await actorForUser(platform.db, userId);
  if (!actor) return;
  await audit(platform.db, by(platform, actor), { action, type: "user", id: userId, name: actor.name });
}
