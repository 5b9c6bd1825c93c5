import { z } from "zod";

// RFC 9110 §5.1: a header's name is a token; its value has no line breaks.
export const headerName = z.string().regex(/^[!#$%&'*+.^_`|~\w-]+$/, "not a header name");
export const headerValue = z.string().regex(/^[^\r\n\0]*$/, "a header's value is one line");
