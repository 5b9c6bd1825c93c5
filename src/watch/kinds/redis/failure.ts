import { Failure } from "../base/failure.ts";

/** What the first word of a refusal means, beside what follows it. */
const WORDS: Record<string, string> = {
  NOAUTH: "the server wants a password",
  WRONGPASS: "the password is wrong, or there is no such user",
  NOPERM: "the user may not do this",
  DENIED: "the server is in protected mode and lets in nobody from elsewhere",
  LOADING: "the server is still loading its data",
  BUSY: "a script keeps the server busy",
  MASTERDOWN: "the replica has lost its master",
  CLUSTERDOWN: "the cluster is down",
  MOVED: "another node of the cluster has this key",
  READONLY: "the command wants to write, and this is a replica",
  MISCONF: "the server cannot save to disk, and takes no writes",
  OOM: "the server's memory is full",
  NOREPLICAS: "too few replicas follow, and the server takes no writes",
};

const SIGN_IN = new Set(["NOAUTH", "WRONGPASS", "DENIED"]);

/** What is told apart by its text, since it begins with ERR alone. */
const TEXTS: readonly (readonly [RegExp, string, string])[] = [
  [/no password is set|without any password configured/i, "no-password", "the server wants no password"],
  [/invalid password/i, "WRONGPASS", "the password is wrong"],
  [/max number of clients/i, "clients", "too many connections"],
  [/DB index is out of range|invalid DB index/i, "database", "there is no such database"],
];

/** @param step what was asked: `sign-in`, `database` or `command` */
export function refusalFailure(refusal: string, step: string): Failure {
  const [, word = "ERR", text = refusal] = /^([A-Z][A-Z\d_]*)(?: (.*))?$/s.exec(refusal) ?? [];
  const [, code, known] = TEXTS.find(([sign]) => sign.test(text)) ?? [undefined, word, WORDS[word]];
  const own = [known, text].filter(Boolean).join(": ");
  const where = SIGN_IN.has(code) ? "sign-in" : step;
  return new Failure({ reason: `[${where}] ${own} (${word})`, code: `redis:${code}` });
}
