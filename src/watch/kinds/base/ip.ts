import { isIP } from "node:net";
import { z } from "zod";

/** Which version of IP; numbers as they stand in YAML, texts as they come from a form. */
export const ip = z.union([z.literal([4, 6]), z.literal(["4", "6", "any"])], {
  error: "write 4, 6 or any",
});

export type Ip = z.infer<typeof ip>;

/** Undefined: any. */
export const familyOf = (value: Ip | undefined): 4 | 6 | undefined => {
  switch (String(value)) {
    case "4":
      return 4;
    case "6":
      return 6;
    default:
      return undefined;
  }
};

/** Why an address can never be reached that way; null when it can. */
export function mismatchOf(value: Ip | undefined, address: string): string | null {
  const family = familyOf(value);
  const given = isIP(address);
  if (!family || given === 0 || given === family) return null;
  return `${address} is an IPv${given} address; write ip: ${given}, or leave ip out`;
}
