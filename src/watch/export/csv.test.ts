import assert from "node:assert/strict";
import { test } from "node:test";
import { checksCsv } from "./csv.ts";

const check = {
  at: Date.UTC(2026, 10, 23, 9),
  status: "up" as const,
  reason: null,
  dns: 1,
  connect: 2.5,
  tls: null,
  first_byte: 10,
  transfer: 0,
  total: 13.5,
};

test("checks come as a table with times in milliseconds, what did not happen left empty", () => {
  assert.equal(
    checksCsv([check]),
    "at,status,total_ms,dns_ms,connect_ms,tls_ms,first_byte_ms,transfer_ms,reason\r\n2026-11-23T09:00:00Z,up,13.5,1,2.5,,10,0,\r\n",
  );
});

test("a target's words can neither break the table nor become a formula", () => {
  const last = (reason: string) =>
    checksCsv([{ ...check, reason }])
      .split(",")
      .at(-1);
  assert.equal(last('said "no"'), '"said ""no"""\r\n');
  assert.equal(last("=HYPERLINK(1)"), "'=HYPERLINK(1)\r\n");
  assert.match(checksCsv([{ ...check, reason: "a,b\nc" }]), /,"a,b\nc"\r\n$/);
});
