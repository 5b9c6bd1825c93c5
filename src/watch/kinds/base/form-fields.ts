import type { FormField } from "../kind.ts";

/** Fields that the forms of several kinds have: what is common to them in the words of one. */

export const hostField = (group: string, placeholder: string): FormField => ({
  ...{ name: "host", label: "Host", type: "text", group, required: true, placeholder },
});

/** @param usual the protocol's own port */
export const portField = (group: string, usual: number, help?: string): FormField => ({
  ...{ name: "port", label: "Port", type: "number", group, default: usual, min: 1, max: 65_535 },
  ...(help === undefined ? {} : { help }),
});

/** Limits of the response time, with examples of what is slow for such a server. */
export const latencyFields = (degraded: string, down: string): readonly FormField[] => [
  {
    name: "expect.latency",
    label: "Degraded when slower than",
    type: "duration",
    group: "Expect",
    placeholder: degraded,
  },
  {
    name: "expect.latency_down",
    label: "Down when slower than",
    type: "duration",
    group: "Expect",
    placeholder: down,
  },
];

/**
 * What is expected of one value: the form of `value`.
 * @param what it is called, first in each label
 * @param equals what more the first field says
 */
export const valueFields = (
  what: string,
  equals: Pick<FormField, "help" | "placeholder">,
): readonly FormField[] => [
  { name: "expect.value.equals", label: `${what} equals`, type: "scalar", group: "Expect", ...equals },
  { name: "expect.value.above", label: `${what} above`, type: "number", group: "Expect" },
  { name: "expect.value.below", label: `${what} below`, type: "number", group: "Expect" },
  { name: "expect.value.contains", label: `${what} contains`, type: "text", group: "Expect" },
  {
    name: "expect.value.matches",
    label: `${what} matches`,
    type: "text",
    group: "Expect",
    help: "A regular expression.",
  },
];

/** @param name where the kind keeps it: `tls.expires_within` */
export const expiryField = (name: string, group: string): FormField => ({
  name,
  label: "Degraded when the certificate expires within",
  type: "duration",
  group,
  placeholder: "14d",
  help: "Left empty: 14 days, or a fifth of its life if that is shorter.",
});

/** The key `tls` of kinds that encrypt on wish. */
export const tlsField = (encrypt = "Encrypt"): FormField => ({
  name: "tls",
  label: "TLS",
  type: "boolean",
  group: "Connection",
  help: `${encrypt}, and refuse a certificate that this machine does not trust; tls: { verify: false } takes any.`,
});
