import type { Message } from "../message.ts";
import { oneLine } from "../words.ts";

/** XML 1.0's five, and nothing that it doesn't allow at all. */
export const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no place for them
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");

const MOST_SPOKEN = 400;

const cut = (text: string): string => (text.length > MOST_SPOKEN ? `${text.slice(0, MOST_SPOKEN)}…` : text);

/** The message as it is read out: sentences, no signs; what is to be understood first comes first. */
export function spoken(message: Message): string {
  switch (message.type) {
    case "verification":
      return `Your Keepwatch code is: ${[...message.code].join(", ")}. Again: ${[...message.code].join(", ")}.`;
    case "test":
      return "This is a test from Keepwatch. Pages will reach you by this call.";
    case "notice":
      return cut(oneLine(`Keepwatch. No page. ${[message.title, ...message.lines].join(". ")}`));
    default: {
      const [first] = message.items;
      const { subject } = first;
      const more = message.items.length - 1;
      const [alert] = subject.alerts;
      const says = {
        page: `${subject.severity ? `${subject.severity.replace("SEV", "Severity ")}. ` : ""}`,
        resolved: "Resolved. ",
        joined: "More is failing. ",
        answered: "Answered. ",
        expiring: "Your acknowledgement runs out soon. ",
      }[message.type];
      return cut(
        oneLine(
          `Keepwatch. ${says}${subject.service ? `${subject.service.name}: ` : ""}${subject.title}. ${
            message.type === "page" && alert ? `${alert.reason}. ` : ""
          }${more > 0 ? `And ${more} more. ` : ""}`,
        ),
      );
    }
  }
}
