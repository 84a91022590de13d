import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createThrowAwayAuthority } from "./throw-away-authority.ts";

describe("an authority for trying things out", () => {
  const authority = createThrowAwayAuthority("Trial CA");
  const ca = new X509Certificate(authority.caPem);

  it("issues certificates that it vouches for, and no other authority does", () => {
    const issued = new X509Certificate(authority.issue("ven").certificatePem);
    expect(issued.verify(ca.publicKey)).toBe(true);
    expect(issued.checkIssued(ca)).toBe(true);
    expect(issued.ca).toBe(false);
    const stranger = new X509Certificate(createThrowAwayAuthority("Trial CA").caPem);
    expect(issued.verify(stranger.publicKey)).toBe(false);
  });

  it("certifies a server under the names it is given, and under no other", () => {
    const issued = new X509Certificate(
      authority.issue("vtn", { serverNames: ["vtn.example", "10.1.2.3"] }).certificatePem,
    );
    expect(issued.checkHost("vtn.example")).toBe("vtn.example");
    expect(issued.checkIP("10.1.2.3")).toBe("10.1.2.3");
    expect(issued.checkHost("localhost")).toBeUndefined();
  });

  it("gives each certificate a key and a serial number of its own", () => {
    const [left, right] = [authority.issue("a"), authority.issue("a")];
    expect(left.privateKeyPem).not.toBe(right.privateKeyPem);
    expect(new X509Certificate(left.certificatePem).serialNumber).not.toBe(
      new X509Certificate(right.certificatePem).serialNumber,
    );
  });
});
