import { z } from "zod";
import { headerValue } from "./header.ts";
import { webUrl } from "./web-url.ts";

const oauth2 = z.strictObject({
  token_url: webUrl("put the user and password under client_id and client_secret, not in the URL"),
  client_id: z.string().min(1, "give the client's id"),
  client_secret: z.string().min(1, "give the client's secret"),
  scope: z.string().min(1).optional(),
  audience: z.string().min(1).optional(),
  client_auth: z.enum(["header", "body"], "write header or body").optional(),
});

/** How to sign in; exactly one way. */
export const authConfig = z
  .strictObject({
    basic: z.strictObject({ user: z.string(), password: z.string() }).optional(),
    bearer: headerValue.min(1).optional(),
    oauth2: oauth2.optional(),
  })
  .refine((auth) => Object.values(auth).filter((way) => way !== undefined).length === 1, {
    message:
      "write auth as { basic: { user, password } }, { bearer: token } or { oauth2: { token_url, client_id, client_secret } }",
  });

export type Auth = z.infer<typeof authConfig>;
export type OAuth2 = z.infer<typeof oauth2>;

/** The JSON pointers of its secrets. */
export function authSecrets(auth: Auth | undefined): string[] {
  return [
    auth?.basic && "/auth/basic/password",
    auth?.bearer !== undefined && "/auth/bearer",
    auth?.oauth2 && "/auth/oauth2/client_secret",
  ].filter((pointer) => typeof pointer === "string");
}
