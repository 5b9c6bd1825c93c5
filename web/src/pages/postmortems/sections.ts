import type { SectionName } from "../../lib/types.ts";

interface Section {
  name: SectionName;
  title: string;
  /** Said in the margin while it is written: what a reader needs, asked with how and what. */
  coach: readonly string[];
  /** What stands there while it is empty. */
  placeholder: string;
}

/** The sections in the order in which they are read. */
export const SECTIONS: readonly Section[] = [
  {
    name: "summary",
    title: "Summary",
    coach: [
      "For somebody who has one minute: what users met, how long, what made it happen, what was done.",
      "The draft's numbers come from the record. Add what it meant to people.",
    ],
    placeholder: "What users met, for how long, and what ended it.",
  },
  {
    name: "impact",
    title: "Impact",
    coach: [
      "Count what people felt: orders not placed, mails not sent, support calls. A range is better than a guess.",
      "Where nobody knows, write that nobody knows, and what would have told you.",
    ],
    placeholder: "Who was hit, how many, and how they noticed.",
  },
  {
    name: "detection",
    title: "Detection",
    coach: [
      "How did we learn of it: a check, a colleague, a customer?",
      "What would have shown it in half the time?",
    ],
    placeholder: "How it was noticed, and what would have shown it sooner.",
  },
  {
    name: "response",
    title: "Response",
    coach: [
      "What did people see, and what did it lead them to try? Tell it as it looked then, not as it looks now.",
      "What slowed the answer: finding the right person, the right access, the right page?",
    ],
    placeholder: "What people saw and tried, in the order in which they did.",
  },
  {
    name: "causes",
    title: "Causes",
    coach: [
      "There is rarely one. What set it off, what let it spread, what hid it?",
      "Ask what made each step look right at the time. A person's slip is where the question begins, not where it ends.",
    ],
    placeholder: "What set it off, what made it worse, what hid it.",
  },
  {
    name: "resolution",
    title: "Resolution",
    coach: [
      "What ended it? The next one on call reads this first, when it happens again.",
      "Say which of it was a patch for the night, and what makes it last.",
    ],
    placeholder: "What ended it, step by step if it took several.",
  },
  {
    name: "lessons_well",
    title: "What went well",
    coach: ["What shortened it or kept it small? Worth keeping on purpose."],
    placeholder: "What helped, and should stay.",
  },
  {
    name: "lessons_poorly",
    title: "What went poorly",
    coach: ["How did the tools, the documents or the way we work get in the way? Each may become an action."],
    placeholder: "What got in the way.",
  },
  {
    name: "lessons_lucky",
    title: "Where we were lucky",
    coach: ["What happened to be so that could as well have been otherwise? Luck is an outage that waits."],
    placeholder: "What could have made it worse, and by chance didn't.",
  },
];

export const TITLE_OF = Object.fromEntries(SECTIONS.map(({ name, title }) => [name, title])) as Record<
  SectionName,
  string
>;
