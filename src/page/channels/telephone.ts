import { z } from "zod";

/** ITU-T E.164, as telephone companies want it. */
export const phone = z
  .string()
  .transform((text) => text.replaceAll(/[\s().-]/g, ""))
  .refine(
    (text) => /^\+[1-9]\d{6,14}$/.test(text),
    "give the number with its country, e.g. +33 6 12 34 56 78",
  );

/** What every channel that leads to a telephone has in common. */
export const telephone = {
  address: z.object({ phone }).strict(),
  secrets: [],
  form: [
    {
      name: "phone",
      label: "Number",
      type: "text",
      help: "With its country, e.g. +33 6 12 34 56 78",
      required: true,
    },
  ],
  receipt: "delivered",
  wakes: true,
  destination: (to: { phone: string }) => `${to.phone.slice(0, 4)}…${to.phone.slice(-2)}`,
  unavailable: () => null,
} as const;
