import { readdirSync, readFileSync } from "node:fs";
import { SeededRandom, VirtualClock } from "@gridpact/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { modeOf, temporaryData } from "../../test/temporary-data.ts";
import { readTrustFile } from "../verify/trust-file.ts";
import { channelConsortium } from "./channel-consortium.ts";
import { type Consortium, consortiumMembers, makeConsortium, memberOf, validityFor } from "./consortium.ts";
import { hasConsortium, privateKeyPem, readConsortium, trustPath, writeConsortium } from "./consortium-files.ts";

const clock = new VirtualClock(Date.UTC(2016, 0, 28));
const consortium: Consortium = makeConsortium(consortiumMembers(["district"], ["localhost"]), {
  random: new SeededRandom("files"),
  clock,
  validity: validityFor([clock]),
});

const data = temporaryData({ beforeEach, afterEach });

function certificates(of: Consortium["authorities"] | Consortium["members"]): Record<string, string> {
  return Object.fromEntries([...of].map(([name, { certificatePem }]) => [name, certificatePem]));
}

describe("the files of a consortium", () => {
  it("are not there before they are written", () => {
    expect(hasConsortium(data())).toBe(false);
    expect(() => readConsortium(data())).toThrow("ENOENT");
    writeConsortium(data(), consortium);
    expect(hasConsortium(data())).toBe(true);
  });

  describe("once they are written", () => {
    beforeEach(() => writeConsortium(data(), consortium));

    it("give back the same authorities and members, who sign as before", () => {
      const read = readConsortium(data());
      expect(certificates(read.authorities)).toEqual(certificates(consortium.authorities));
      expect(certificates(read.members)).toEqual(certificates(consortium.members));
      const message = Buffer.from("message");
      for (const [name, { key }] of consortium.members) {
        expect(memberOf(read, name).key.sign(message)).toEqual(key.sign(message));
      }
    });

    it("can be read by their owner alone where they hold a key", () => {
      for (const kind of ["authorities", "members"]) {
        expect(modeOf(data().at("consortium", kind))).toBe(0o700);
        for (const name of readdirSync(data().at("consortium", kind))) {
          const path = data().at("consortium", kind, name);
          expect(modeOf(path), name).toBe(0o600);
          expect(readFileSync(path, "utf8")).toContain("PRIVATE KEY");
        }
      }
    });

    it("include what a verifier has to trust: the channel's consortium, and no key", () => {
      const text = readFileSync(trustPath(data()), "utf8");
      expect(JSON.parse(text)).toEqual(channelConsortium(consortium));
      expect(readTrustFile(trustPath(data()))).toEqual(channelConsortium(consortium));
      expect(text).not.toContain("PRIVATE");
    });
  });

  it("keep keys in the form that TLS wants", () => {
    expect(privateKeyPem(memberOf(consortium, "orderer"))).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  });
});
