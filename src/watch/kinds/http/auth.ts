import type { Auth, OAuth2 } from "./auth-config.ts";

const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");

export const basicOf = (user: string, password: string): string => `Basic ${base64(`${user}:${password}`)}`;

/** What the header says; undefined where nothing is known before a token is fetched. */
export function authorizationOf(auth: Auth | undefined): string | undefined {
  if (auth?.basic) return basicOf(auth.basic.user, auth.basic.password);
  return auth?.bearer === undefined ? undefined : `Bearer ${auth.bearer}`;
}

/** As RFC 6749 §2.3.1 has it: encoded as in a form first, so that a colon in either is no colon between them. */
export const clientBasicOf = ({ client_id, client_secret }: OAuth2): string =>
  basicOf(formEncoded(client_id), formEncoded(client_secret));

const formEncoded = (text: string): string => new URLSearchParams([["", text]]).toString().slice(1);

/** Values that must not be shown, in each form in which they travel. */
export function shownNever(auth: Auth | undefined): string[] {
  const { basic, bearer, oauth2 } = auth ?? {};
  const encoded = (value: string) => value.slice("Basic ".length);
  return [
    ...(basic ? [basic.password, encoded(basicOf(basic.user, basic.password))] : []),
    ...(bearer === undefined ? [] : [bearer]),
    ...(oauth2
      ? [oauth2.client_secret, formEncoded(oauth2.client_secret), encoded(clientBasicOf(oauth2))]
      : []),
  ];
}
