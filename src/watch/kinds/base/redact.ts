const HIDDEN = "[redacted]";

/** Header names whose values identify or let in. */
const SECRET_HEADER =
  /^(?:set-)?cookie2?$|^(?:proxy-)?authorization$|(?:^|-)(?:auth|token|secret|password|session|credential|signature|(?:api|access|subscription)-?key|[cx]srf)(?:-|$)/i;

const SECRET_PARAMETER =
  /^(?:.*[_-])?(?:token|key|secret|password|passwd|pwd|sig|signature|code|session|auth|jwt)$/i;

const SECRET_FIELD =
  /("(?:[\w-]*(?:token|secret|password|passwd|api_?key|session_?id|private_?key)[\w-]*)"\s*:\s*)"(?:[^"\\]|\\.)*"?/gi;
const JSON_WEB_TOKEN = /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;
const BEARER = /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi;

export const isSecretHeader = (name: string): boolean => SECRET_HEADER.test(name);

export const redactHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isSecretHeader(name) ? HIDDEN : redactText(value)]),
  );

/** User, password and the values of telling parameters leave; what cannot be read as a URL stays text. */
export function redactUrl(text: string): string {
  const url = URL.parse(text);
  if (!url) return redactText(text);
  if (url.username) url.username = "redacted";
  if (url.password) url.password = "redacted";
  for (const name of new Set(url.searchParams.keys())) {
    if (SECRET_PARAMETER.test(name)) url.searchParams.set(name, "redacted");
  }
  return redactText(url.toString());
}

/** Outside text that can be stored: PostgreSQL takes neither NUL nor half a surrogate pair, in text or in jsonb. */
const storable = (text: string): string => text.toWellFormed().replaceAll("\0", "\uFFFD");

/**
 * Text that can be stored and shown: without what looks like a credential, nor any of `secrets`: the monitor's own, which a page may echo.
 * A secret shorter than four characters is not looked for; it would blacken half the text.
 */
export function redactText(text: string, secrets: readonly string[] = []): string {
  const general = storable(text)
    .replace(SECRET_FIELD, `$1"${HIDDEN}"`)
    .replace(JSON_WEB_TOKEN, HIDDEN)
    .replace(BEARER, `$1 ${HIDDEN}`);
  return secrets.reduce(
    (rest, secret) => (secret.length < 4 ? rest : rest.replaceAll(secret, HIDDEN)),
    general,
  );
}
