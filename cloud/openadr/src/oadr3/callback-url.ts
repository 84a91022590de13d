import { BlockList, isIP } from "node:net";

/**
 * Where a VTN may be told to send notifications. A subscription makes the VTN open connections, so without a guard any
 * client could have it talk to the VTN's own network (server-side request forgery).
 */

const INTERNAL = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const) {
  INTERNAL.addSubnet(network, prefix, "ipv4");
}
for (const [network, prefix] of [
  ["::", 96],
  ["64:ff9b::", 96],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const) {
  INTERNAL.addSubnet(network, prefix, "ipv6");
}

/** Whether an address is reachable from the public network and so fit to be called. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  // An IPv4 address in IPv6 clothes (::ffff:10.0.0.1) is judged by what it is; BlockList does that by itself.
  return !INTERNAL.check(address, family === 4 ? "ipv4" : "ipv6");
}

/** Whether a URL is HTTP without credentials in it. Where its name leads to is checked when it is called. */
export function isAllowedCallback(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === "https:" || protocol === "http:") && username === "" && password === "";
}
