import { z } from "zod";

/** A URL of http or https, in full. `credentialsMend` says where user and password belong instead. */
export const webUrl = (credentialsMend: string) =>
  z.string().superRefine((text, issue) => {
    const parsed = URL.parse(text);
    const wrong = (message: string) => issue.addIssue({ code: "custom", message });
    if (!parsed) return wrong(`"${text}" is not a URL; write it in full, e.g. https://example.com/health`);
    if (!/^https?:$/.test(parsed.protocol)) return wrong("the URL must begin with http:// or https://");
    if (parsed.username || parsed.password) wrong(credentialsMend);
  });
