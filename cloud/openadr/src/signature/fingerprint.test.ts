import { describe, expect, it } from "vitest";
import { certificateFingerprint, parseFingerprint } from "./fingerprint.ts";

/** A self-signed certificate made for this test; its fingerprint below was computed with OpenSSL. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBjTCCATOgAwIBAgIUAobfaIuveFfY64VSTJCxanhZYM0wCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQZmluZ2VycHJpbnQtdGVzdDAgFw0yNjExMjIxMTAwMTNaGA8y
MDgxMDgyNTExMDAxM1owGzEZMBcGA1UEAwwQZmluZ2VycHJpbnQtdGVzdDBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABGzmjO3TsnL12cNVbIOU0+1y52g0ht94NQ1t
t/BUbUyS+TOPgb1kcDJ9eewLP+cNuoMEvEOhPZmv2OQDyrPa0z+jUzBRMB0GA1Ud
DgQWBBSD3ATiow9arWk01VDq04fB4HTmTDAfBgNVHSMEGDAWgBSD3ATiow9arWk0
1VDq04fB4HTmTDAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQC4
jREf0Asyx2RQUbR7CwYPKsjbEtMtdmPh0howkt9tZwIgfjOhk/rPJicTE8kfc49Z
XviiNygcyBsFxTHke+U3bSg=
-----END CERTIFICATE-----`;

describe("fingerprints", () => {
  it("are the last ten bytes of the SHA-256 of the certificate", () => {
    expect(certificateFingerprint(CERTIFICATE)).toBe("36:FD:F8:15:31:48:4E:48:80:F4");
  });

  it("are read in any spelling", () => {
    expect(parseFingerprint("00112233445566778899")).toBe("00:11:22:33:44:55:66:77:88:99");
    expect(parseFingerprint("aa:bb:cc:dd:ee:ff:00:11:22:33")).toBe("AA:BB:CC:DD:EE:FF:00:11:22:33");
  });

  it.each(["", "AA", "AA:BB:CC:DD:EE:FF:00:11:22:33:44", "GG:BB:CC:DD:EE:FF:00:11:22:33"])("refuses %j", (text) => {
    expect(parseFingerprint(text)).toBeUndefined();
  });

  it("of something that is no certificate do not exist", () => {
    expect(() => certificateFingerprint("hello")).toThrow();
  });
});
