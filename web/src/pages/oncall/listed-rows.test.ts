import { deepEqual, match } from "node:assert/strict";
import { test } from "node:test";
import { rowsOf } from "./listed-rows.ts";

const people = [
  { value: "ada@kw.example", label: "Ada Lovelace" },
  { value: "bo@kw.example", label: "Bo" },
];

test("rows of a spreadsheet become shifts, people by name or by e-mail, alone or together", () => {
  const text =
    "Ada Lovelace\t2026-12-24 18:00\t2026-12-26 9:00\n\nbo@kw.example, 2026-12-26T09:00, 2026-12-27T09:00:00Z\r\nada lovelace + bo; 2026-12-27 09:00; 2026-12-28 09:00\n";
  deepEqual(rowsOf(text, people), {
    shifts: [
      { user: "ada@kw.example", from: "2026-12-24T18:00", to: "2026-12-26T09:00" },
      { user: "bo@kw.example", from: "2026-12-26T09:00", to: "2026-12-27T09:00:00Z" },
      { users: ["ada@kw.example", "bo@kw.example"], from: "2026-12-27T09:00", to: "2026-12-28T09:00" },
    ],
    unread: [],
  });
});

for (const [claim, row, why] of [
  ["somebody unknown", "Cy, 2026-12-24 18:00, 2026-12-25 18:00", /nobody is called "Cy"/],
  ["no time", "Bo, Christmas, 2026-12-25 18:00", /"Christmas" is not a time/],
  ["two columns", "Bo, 2026-12-25 18:00", /three columns/],
] as const)
  test(`a row with ${claim} is named by its line`, () => {
    const { shifts, unread } = rowsOf(`\n${row}`, people);
    deepEqual([shifts, unread.map(({ line }) => line)], [[], [2]]);
    match(unread[0]!.why, why);
  });
