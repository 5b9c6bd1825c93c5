import type { SectionName } from "../../lib/types.ts";

/** The sections in the order they are read, with what to think about while writing. */
export const SECTIONS: readonly { name: SectionName; title: string; coach: string }[] = [
  {
    name: "summary",
    title: "Summary",
    coach: "Five sentences for somebody who was not there: what, when, for whom, how it ended.",
  },
  {
    name: "impact",
    title: "Impact",
    coach: "Numbers first. What could people not do, and how many of them? Say what is unknown.",
  },
  { name: "detection", title: "Detection", coach: "How did we notice? What would have halved that time?" },
  {
    name: "response",
    title: "Response",
    coach: "Who did what, and what slowed them down? Roles rather than blame.",
  },
  {
    name: "causes",
    title: "Causes",
    coach:
      "Ask how and what, rather than why and who. There are usually several; a person's action is never the cause.",
  },
  { name: "resolution", title: "Resolution", coach: "What ended it, and what of that is temporary?" },
  { name: "lessons_well", title: "What went well", coach: "Keep doing this." },
  {
    name: "lessons_poorly",
    title: "What went poorly",
    coach: "What surprised us? What would we change first?",
  },
  { name: "lessons_lucky", title: "Where we got lucky", coach: "What would have made it much worse?" },
];
