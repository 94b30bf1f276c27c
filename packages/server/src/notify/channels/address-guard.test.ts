import type { LookupAddress } from "node:dns";
import { expect, test } from "vitest";
import { createAddressGuard } from "./address-guard.ts";
import { AddressRefused, guardedLookup } from "./guarded-lookup.ts";

test.each([
  "0.0.0.0",
  "0.1.2.3",
  "10.0.0.1",
  "100.64.0.1",
  "100.127.255.255",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.170",
  "192.168.1.1",
  "198.18.0.1",
  "203.0.113.9",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "0:0:0:0:0:ffff:a00:1",
  "::127.0.0.1",
  "64:ff9b::7f00:1",
  "64:ff9b:1::1",
  "fc00::1",
  "fd12:3456::1",
  "fe80::1",
  "fe80::1%eth0",
  "fec0::1",
  "ff02::1",
  "2001:db8::1",
  "2001::1",
  "2002:7f00:1::1",
  "100::1",
  "localhost",
  "",
])("%s is not public", (address) => {
  expect(createAddressGuard([]).allowsAddress(address)).toBe(false);
});

test.each([
  "1.1.1.1",
  "100.63.255.255",
  "100.128.0.0",
  "172.32.0.1",
  "193.0.0.1",
  "::ffff:8.8.8.8",
  "2606:4700::1",
  "2a00:1450::1",
])("%s is public", (address) => {
  expect(createAddressGuard([]).allowsAddress(address)).toBe(true);
});

test("what the settings list is allowed, and nothing beside it", () => {
  const guard = createAddressGuard(["10.20.0.0/16", "::1", "Hooks.internal", "*.corp.example"]);
  const addresses = ["10.20.3.4", "::ffff:10.20.3.4", "10.21.0.1", "::1", "::2"];
  expect(addresses.map((one) => guard.allowsAddress(one))).toEqual([true, true, false, true, false]);
  const hosts = [
    "hooks.internal",
    "HOOKS.INTERNAL.",
    "x.hooks.internal",
    "a.corp.example",
    "corp.example",
    "10.20.0.1",
  ];
  expect(hosts.map((one) => guard.listsHost(one))).toEqual([true, true, false, true, false, true]);
});

test.each([
  ["localhost", true],
  ["keruta-api", true],
  ["keruta-api.builds.svc", true],
  ["keruta-api.builds.svc.cluster.local", true],
  ["metadata.google.internal", true],
  ["printer.local.", true],
  ["hooks.slack.com", false],
])("the name %s is private: %s", (host, isPrivate) => {
  expect(createAddressGuard([]).isPrivateName(host)).toBe(isPrivate);
});

const answering = (...addresses: readonly string[]) => {
  const found: LookupAddress[] = addresses.map((address) => ({
    address,
    family: address.includes(":") ? 6 : 4,
  }));
  return (_: string, __: object, done: (error: null, all: LookupAddress[]) => void) => {
    done(null, found);
  };
};
const lookUp = (addresses: readonly string[], allowed: readonly string[] = [], all = true) =>
  new Promise<unknown>((resolve) => {
    const guard = createAddressGuard(allowed);
    guardedLookup(guard, "hooks.example.com", answering(...addresses))(
      "hooks.example.com",
      { all },
      (error, found) => {
        resolve(error ?? found);
      },
    );
  });

test("a name is connected to at the addresses that were checked", async () => {
  expect(await lookUp(["1.1.1.1", "2606:4700::1"])).toEqual([
    { address: "1.1.1.1", family: 4 },
    { address: "2606:4700::1", family: 6 },
  ]);
  expect(await lookUp(["1.1.1.1"], [], false)).toBe("1.1.1.1");
});

test("one private address among public ones refuses the name, unless the settings list it", async () => {
  expect(await lookUp(["1.1.1.1", "169.254.169.254"])).toBeInstanceOf(AddressRefused);
  expect(await lookUp([])).toBeInstanceOf(AddressRefused);
  expect(await lookUp(["10.0.0.1"], ["hooks.example.com"])).toEqual([{ address: "10.0.0.1", family: 4 }]);
});
