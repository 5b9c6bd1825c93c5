import assert from "node:assert/strict";
import { test } from "node:test";
import { canonical, reverseName, written } from "./record.ts";

test("a record is the same however it is written", () => {
  const same = [
    ["AAAA", "2001:DB8:0:0::7", "2001:db8::7"],
    ["CNAME", "Shop.Example.com.", "shop.example.com"],
    ["MX", "10  Mail.example.com.", "10 mail.example.com"],
    ["MX", "0 .", "0 ."],
    ["SRV", "10 060 5060 sip.example.com", "10 60 5060 sip.example.com"],
    ["CAA", "0 ISSUE letsencrypt.org", '0 issue "letsencrypt.org"'],
    ["CAA", '0 issue "letsencrypt.org"', '0 issue "letsencrypt.org"'],
    ["TXT", '"v=spf1 " "-all"', "v=spf1 -all"],
    ["TXT", "v=spf1 -all", "v=spf1 -all"],
    ["SOA", "ns1.a.test. root.a.test. 1 2 3 4 5", "ns1.a.test root.a.test 1 2 3 4 5"],
  ] as const;
  for (const [type, text, wanted] of same) assert.equal(canonical(type, text), wanted, `${type} ${text}`);
});

test("what is no record of its type is told from one", () => {
  const wrong = [
    ["A", "2001:db8::7"],
    ["AAAA", "192.0.2.7"],
    ["MX", "mail.example.com"],
    ["SRV", "10 60 sip.example.com"],
    ["CAA", "letsencrypt.org"],
    ["NS", "http://ns1"],
    ["SOA", "ns1.a.test root.a.test 1"],
  ] as const;
  for (const [type, text] of wrong) assert.equal(canonical(type, text), null, `${type} ${text}`);
});

test("the parts of a text are one, and bytes of a name are lower case", () => {
  const txt = { type: "TXT", name: "a", data: [Buffer.from("v=spf1 "), Buffer.from("-all")] } as const;
  assert.equal(written({ ...txt, data: [...txt.data] }), "v=spf1 -all");
  assert.equal(written({ type: "NS", name: "a", data: "NS1.Example.COM" }), "ns1.example.com");
});

test("addresses are turned round for their PTR record", () => {
  assert.equal(reverseName("192.0.2.7"), "7.2.0.192.in-addr.arpa");
  const zeros = Array.from({ length: 23 }, () => "0").join(".");
  assert.equal(reverseName("2001:db8::7"), `7.${zeros}.8.b.d.0.1.0.0.2.ip6.arpa`);
});
