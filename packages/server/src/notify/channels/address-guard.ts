import { BlockList, isIP, isIPv4 } from "node:net";

/** Which hosts and addresses a webhook may reach. */
export interface AddressGuard {
  /** An IP address, as a resolver gives it. */
  allowsAddress(address: string): boolean;
  /** A name that the settings list: it may be private, and speak plain http. */
  listsHost(host: string): boolean;
  /** A name that stands for something private whatever it resolves to. */
  isPrivateName(host: string): boolean;
}

/** Not the public internet: RFC 6890 and its successors, by IANA's registry of special-purpose addresses. */
const specialV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

/** Within 2000::/3, which alone is public: Teredo, benchmarks, ORCHID, documentation, 6to4. */
const specialV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16"];
/** Prefixes that carry an IPv4 address at their end. */
const publicV6 = "2000::/3";

const special = listOf([...specialV4, ...specialV6]);
const public6 = listOf([publicV6]);

/** `allowed`: entries of `keruta.notify.allowed-hosts`. */
export function createAddressGuard(allowed: readonly string[]): AddressGuard {
  const names = allowed.map((entry) => entry.toLowerCase()).filter((entry) => !isRange(entry));
  const ranges = listOf(allowed.filter(isRange));
  const inRanges = (address: string) => ranges.check(address, familyOf(address));
  return {
    allowsAddress(text) {
      const address = unmapped(text);
      if (isIP(address) === 0) return false;
      if (inRanges(address)) return true;
      if (special.check(address, familyOf(address))) return false;
      return isIPv4(address) || public6.check(address, "ipv6");
    },
    listsHost(host) {
      const name = host.toLowerCase().replace(/\.$/, "");
      if (isIP(name) !== 0) return inRanges(unmapped(name));
      return names.some((entry) => (entry.startsWith("*.") ? name.endsWith(entry.slice(1)) : name === entry));
    },
    isPrivateName(host) {
      const name = host.toLowerCase().replace(/\.$/, "");
      if (isIP(name) !== 0) return false;
      return !name.includes(".") || /\.(localhost|local|internal|svc|cluster\.local|home\.arpa)$/.test(name);
    },
  };
}

/** ::ffff:127.0.0.1 is 127.0.0.1, however it is written; a zone names an interface of this machine. */
function unmapped(text: string): string {
  const [address = ""] = text.split("%");
  if (!address.includes(":") || !URL.canParse(`http://[${address}]/`)) return address;
  const [, high, low] =
    /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(new URL(`http://[${address}]/`).hostname) ?? [];
  if (high === undefined || low === undefined) return address;
  const value = Number.parseInt(high, 16) * 65_536 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => String((value >>> shift) & 255)).join(".");
}

function isRange(entry: string): boolean {
  return isIP(entry.split("/")[0] ?? "") !== 0;
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits] = range.split("/");
    const family = familyOf(address);
    list.addSubnet(address, bits === undefined ? (family === "ipv4" ? 32 : 128) : Number(bits), family);
  }
  return list;
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv4(address) ? "ipv4" : "ipv6";
}
