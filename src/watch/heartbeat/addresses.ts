import { randomInt, randomUUID } from "node:crypto";
import { hashToken, type Secrets } from "../../platform/secrets.ts";

/**
 * The secret part of a heartbeat's addresses. Whoever knows it can say that a job is well, and nothing else. People
 * must be able to copy it again later, so it is sealed, not only hashed; the hash is what it is found by.
 */
export interface Address {
  hash: string;
  sealed: string;
}

const ALPHANUMERIC = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

const alphanumeric = (length: number): string =>
  Array.from({ length }, () => ALPHANUMERIC[randomInt(ALPHANUMERIC.length)]).join("");

/** A ping URL's UUID; in whatever case it is written, it is the same. */
export const newPingUuid = (): string => randomUUID();
/** A push URL's token, 32 letters and digits. */
export const newPushToken = (): string => alphanumeric(32);
/** A ping key, 22 letters and digits. */
export const newPingKey = (): string => alphanumeric(22);

export const pingHash = (uuid: string): string => hashToken(`ping:${uuid.toLowerCase()}`);
export const pushHash = (token: string): string => hashToken(`push:${token}`);
export const keyHash = (key: string): string => hashToken(`ping key:${key}`);

export const pingAddress = (secrets: Secrets, uuid: string): Address => ({
  hash: pingHash(uuid),
  sealed: secrets.seal(uuid.toLowerCase()),
});
export const pushAddress = (secrets: Secrets, token: string): Address => ({
  hash: pushHash(token),
  sealed: secrets.seal(token),
});
