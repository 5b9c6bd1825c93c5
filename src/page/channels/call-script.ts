import { asksForAnswer, type Message } from "../message.ts";
import { escapeXml, spoken } from "./spoken.ts";

const MENU = "Press 4 to acknowledge. 6 to resolve. 5 to wake the next person.";

/** What the call says, in Twilio's markup. `keys`: where a pressed key is told. */
export function callScript(message: Message, keys: string | null): string {
  const text = escapeXml(spoken(message));
  const say = (words: string) => `<Say>${words}</Say>`;
  if (!asksForAnswer(message) || keys === null)
    return `<Response>${say(text)}<Pause length="1"/>${say(text)}</Response>`;
  const asked = `${say(text)}${say(MENU)}<Pause length="2"/>`;
  return `<Response><Gather numDigits="1" timeout="8" method="POST" action="${escapeXml(keys)}">${asked}${asked}</Gather></Response>`;
}

export type CallStep =
  | { action: "talk"; text: string; bargeIn?: true }
  | {
      action: "input";
      type: ["dtmf"];
      dtmf: { maxDigits: 1; timeOut: 8 };
      eventUrl: [string];
      eventMethod: "POST";
    };

/** The same as Vonage's call control object: developer.vonage.com/en/voice/voice-api/ncco-reference. */
export function callSteps(message: Message, keys: string | null): CallStep[] {
  // Only what begins with "<speak>" is read as markup, and this begins with our own words.
  const text = spoken(message);
  if (!asksForAnswer(message) || keys === null)
    return [
      { action: "talk", text },
      { action: "talk", text },
    ];
  const asked: CallStep[] = [
    { action: "talk", text: `${text} ${MENU}`, bargeIn: true },
    {
      action: "input",
      type: ["dtmf"],
      dtmf: { maxDigits: 1, timeOut: 8 },
      eventUrl: [keys],
      eventMethod: "POST",
    },
  ];
  return [...asked, ...asked];
}
