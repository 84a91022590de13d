import { expect, it } from "vitest";
import { isAllowedCallback, isPublicAddress } from "./callback-url.ts";

it.each([
  "127.0.0.1",
  "10.1.2.3",
  "172.31.0.1",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "0.0.0.0",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:10.0.0.1",
  "fe80::1",
  "fd00::1",
  "ff02::1",
  "64:ff9b::a00:1",
  "localhost",
  "",
])("%j is no public address", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

it.each(["93.184.216.34", "172.32.0.1", "2606:4700::1111"])("%s is a public address", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

it("callbacks are HTTP without credentials", () => {
  expect(["https://a.example/x", "http://a.example"].every(isAllowedCallback)).toBe(true);
  expect(["ftp://a/", "file:///etc/passwd", "https://u:p@a/", "x", "javascript:alert(1)"].some(isAllowedCallback)).toBe(
    false,
  );
});
