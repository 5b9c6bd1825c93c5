import assert from "node:assert/strict";
import { test } from "node:test";
import { createAddressGuard } from "./address-guard.ts";

const localAddresses = () => ["127.0.0.1", "::1", "192.168.7.20", "fd00::2", "fe80::1%eth0"];
const open = createAddressGuard({ ownPorts: [7243, 5432], allowPrivate: true, localAddresses });
const strict = createAddressGuard({ ownPorts: [7243], allowPrivate: false, localAddresses });

for (const address of [
  "169.254.169.254",
  "169.254.170.2",
  "fe80::1",
  "fe80::1%eth0",
  "fd00:ec2::254",
  "fd20:ce::254",
  "100.100.100.200",
  "168.63.129.16",
  "192.0.0.192",
  "::ffff:169.254.169.254",
  "::ffff:a9fe:a9fe",
  "64:ff9b::169.254.169.254",
  "64:ff9b:1::a9fe:a9fe",
  "2002:a9fe:a9fe::1",
  "2001:0:0:0:0:0:5601:5601",
  "::169.254.169.254",
  "224.0.0.1",
  "ff02::1",
  "255.255.255.255",
  "localhost",
  "",
])
  test(`"${address}" is never connected to, whatever the switch`, () => {
    assert.notEqual(open(address, 80), null);
    assert.notEqual(strict(address, 80), null);
  });

for (const address of [
  "127.0.0.1",
  "0.0.0.0",
  "::",
  "::1",
  "192.168.7.20",
  "fd00::2",
  "::ffff:127.0.0.1",
  "127.9.9.9",
])
  test(`our own port on ${address} is refused, its other ports are not`, () => {
    assert.match(open(address, 7243) ?? "", /Keepwatch itself/);
    assert.match(open(address, 5432) ?? "", /Keepwatch itself/);
    assert.equal(open(address, 8080), null);
  });

test("a port of ours is free on another machine", () => {
  assert.equal(open("192.168.7.21", 7243), null);
  assert.equal(open("203.0.114.9", 5432), null);
});

const PRIVATE = [
  "127.0.0.1",
  "0.0.0.0",
  "10.1.2.3",
  "172.16.0.1",
  "192.168.1.1",
  "100.64.0.1",
  "::1",
  "fd00::7",
  "fec0::1",
];
for (const address of [...PRIVATE, "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "2002:a00:1::", "::10.0.0.1"])
  test(`${address} is private: allowed only by the operator's switch`, () => {
    assert.equal(open(address, 80), null);
    assert.match(strict(address, 80) ?? "", /private address/);
  });

for (const address of ["93.184.215.14", "1.1.1.1", "2606:4700::1111", "64:ff9b::1.1.1.1"])
  test(`${address} is public: always allowed`, () => {
    assert.equal(open(address, 443), null);
    assert.equal(strict(address, 443), null);
  });

test("this machine's real addresses are found without being told", () => {
  const guard = createAddressGuard({ ownPorts: [7243], allowPrivate: true });
  assert.match(guard("127.0.0.1", 7243) ?? "", /Keepwatch itself/);
});
