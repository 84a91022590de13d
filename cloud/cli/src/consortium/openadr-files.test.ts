import { X509Certificate } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryData } from "../../test/temporary-data.ts";
import { makeOpenAdrFiles, openAdrFingerprint, readOpenAdrFiles, readOpenAdrSecret } from "./openadr-files.ts";

const data = temporaryData({ beforeEach, afterEach });
const OPTIONS = { parties: ["dso", "aggregator"], serverNames: ["localhost", "dso.example"] };

describe("the OpenADR certificates of a data directory", () => {
  it("are one for each party, of one authority, and private keys are their owner's", () => {
    makeOpenAdrFiles(data(), OPTIONS);
    for (const party of OPTIONS.parties) {
      const { certificatePem, privateKeyPem, caPem } = readOpenAdrFiles(data(), party);
      const certificate = new X509Certificate(certificatePem);
      expect(certificate.verify(new X509Certificate(caPem).publicKey)).toBe(true);
      expect(certificate.checkHost("dso.example")).toBe("dso.example");
      expect(privateKeyPem).toContain("PRIVATE KEY");
      for (const kind of ["key", "secret"]) {
        expect(statSync(data().at("openadr", `${party}.${kind}`)).mode & 0o077).toBe(0);
      }
    }
    expect(readOpenAdrSecret(data(), "dso")).not.toBe(readOpenAdrSecret(data(), "aggregator"));
    expect(openAdrFingerprint(data(), "dso")).not.toBe(openAdrFingerprint(data(), "aggregator"));
  });

  it("stay when they are there, and the authority's key is nowhere", () => {
    makeOpenAdrFiles(data(), OPTIONS);
    const before = openAdrFingerprint(data(), "dso");
    makeOpenAdrFiles(data(), OPTIONS);
    expect(openAdrFingerprint(data(), "dso")).toBe(before);
    expect(readdirSync(data().at("openadr")).sort()).toEqual([
      "aggregator.crt",
      "aggregator.key",
      "aggregator.secret",
      "authority.crt",
      "dso.crt",
      "dso.key",
      "dso.secret",
    ]);
  });

  it("of a party that was not named are missing, loudly", () => {
    makeOpenAdrFiles(data(), OPTIONS);
    expect(() => readOpenAdrFiles(data(), "vn-district")).toThrow("ENOENT");
  });
});
