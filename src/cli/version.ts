import { VERSION } from "../version.ts";
import { type Command, readArgs } from "./command.ts";

export const version: Command = {
  name: "version",
  usage: "[--json]",
  summary: "Print the version",
  async run({ args, print }) {
    const { values } = readArgs(args, { json: { type: "boolean" } });
    print(values.json ? JSON.stringify({ version: VERSION, node: process.version }) : VERSION);
    return 0;
  },
};
