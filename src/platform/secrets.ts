import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";

/** Values at rest and links, under keys derived from KEEPWATCH_SECRET. */
export interface Secrets {
  /** AES-256-GCM; the text begins with `v1.` and carries its own nonce. */
  seal(plain: string): string;
  /** The sealed text's plain value. Throws when it was sealed under another secret or altered. */
  open(sealed: string): string;
  /** HMAC-SHA256 over `text`, base64url; `purpose` keeps signatures of different uses apart. */
  sign(purpose: string, text: string): string;
  verify(purpose: string, text: string, signature: string): boolean;
  /** The same for every process with this secret; kept in the database so that a wrong one is refused. */
  readonly check: string;
}

export function createSecrets(secret: string): Secrets {
  const derive = (purpose: string) => Buffer.from(hkdfSync("sha256", secret, "keepwatch", purpose, 32));
  const key = derive("seal");
  const sign = (purpose: string, text: string) =>
    createHmac("sha256", derive(`sign:${purpose}`))
      .update(text)
      .digest("base64url");
  return {
    seal(plain) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url")}`;
    },
    open(sealed) {
      const bytes = Buffer.from(sealed.replace(/^v1\./, ""), "base64url");
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
    },
    sign,
    verify(purpose, text, signature) {
      return isSameText(signature, sign(purpose, text));
    },
    check: derive("check").toString("base64url").slice(0, 22),
  };
}

/** How tokens are kept: only their SHA-256 is stored. */
export const hashToken = (token: string): string => createHash("sha256").update(token).digest("base64url");

/** Whether a signature is the wanted one, in a time that doesn't tell how much of it is right. */
export function isSameText(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
