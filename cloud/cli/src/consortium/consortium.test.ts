import { SeededRandom, VirtualClock } from "@gridpact/host";
import { MSP_IDS, readCertificate } from "@gridpact/ledger";
import { describe, expect, it } from "vitest";
import { channelConsortium, ledgerNodes } from "./channel-consortium.ts";
import {
  authorityOf,
  type Consortium,
  consortiumMembers,
  makeConsortium,
  memberOf,
  validityFor,
} from "./consortium.ts";

const NOW_UNIX_MS = Date.UTC(2016, 0, 28);
const DAY_MS = 86_400_000;

function consortiumOf(seed: string): Consortium {
  const clock = new VirtualClock(NOW_UNIX_MS);
  return makeConsortium(consortiumMembers(["district", "offices"], ["localhost", "127.0.0.1"]), {
    random: new SeededRandom(seed),
    clock,
    validity: validityFor([clock]),
  });
}

function certificates({ authorities, members }: Consortium): string[] {
  return [...authorities.values(), ...members.values()].map(({ certificatePem }) => certificatePem);
}

const consortium = consortiumOf("one");

describe("a consortium", () => {
  it("is the same to the last byte for a seed, and shares no certificate with that of another", () => {
    expect(certificates(consortiumOf("one"))).toEqual(certificates(consortium));
    const others = new Set(certificates(consortiumOf("two")));
    expect(certificates(consortium).filter((pem) => others.has(pem))).toEqual([]);
  });

  it("certifies each member by the authority of its own organisation, and by no other", () => {
    const authorities = [...consortium.authorities.values()].map((each) => readCertificate(each.certificatePem));
    for (const { mspId, certificatePem, key } of consortium.members.values()) {
      const { x509, organisation, publicKey, isAuthority } = readCertificate(certificatePem);
      const issuers = authorities.filter((each) => x509.checkIssued(each.x509) && x509.verify(each.publicKey));
      expect(issuers.map((each) => each.organisation)).toEqual([mspId]);
      expect([organisation, isAuthority]).toEqual([mspId, false]);
      expect(publicKey.export({ format: "jwk" }).x).toBe(Buffer.from(key.publicKey).toString("base64url"));
    }
  });

  it("has one authority for each organisation, and no key twice", () => {
    expect([...consortium.authorities.keys()]).toEqual([...MSP_IDS]);
    const keys = [...consortium.authorities.values(), ...consortium.members.values()].map(({ key }) =>
      Buffer.from(key.publicKey).toString("hex"),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("says in each certificate what its member may do", () => {
    const read = (name: string) => readCertificate(memberOf(consortium, name).certificatePem);
    expect(read("administrator").attributes).toEqual({ role: "administrator" });
    expect(read("vn-offices").attributes).toEqual({ role: "vn", vnId: "offices" });
    expect(read("orderer")).toMatchObject({ organisationalUnit: "orderer", attributes: {} });
    expect(read("peer-vn").organisationalUnit).toBe("peer");
    expect(read("ledger-server").x509.subjectAltName).toBe("DNS:localhost, IP Address:127.0.0.1");
  });

  it("knows its members and authorities, and nobody else", () => {
    expect(authorityOf(consortium.authorities, "VnMSP").mspId).toBe("VnMSP");
    expect(() => authorityOf(new Map(), "VnMSP")).toThrow("no authority of VnMSP");
    expect(() => memberOf(consortium, "vn-harbour")).toThrow("no member vn-harbour");
  });
});

describe("the validity of its certificates", () => {
  it("holds by each clock, from a day before the earliest", () => {
    const [market, machine] = [NOW_UNIX_MS, Date.UTC(2030, 0, 1)];
    const validity = validityFor([new VirtualClock(machine), new VirtualClock(market)]);
    expect(validity).toEqual({
      notBeforeUnixMs: market - DAY_MS,
      notAfterUnixMs: machine + 20 * 365 * DAY_MS,
    });
    const { notBeforeUnixMs, notAfterUnixMs } = readCertificate(memberOf(consortium, "dso").certificatePem);
    expect({ notBeforeUnixMs, notAfterUnixMs }).toEqual(validityFor([new VirtualClock(NOW_UNIX_MS)]));
  });
});

describe("the channel's consortium", () => {
  it("has all organisations, its orderer, and two endorsers at least; no key", () => {
    const channel = channelConsortium(consortium);
    expect(channel.organisations).toEqual(
      [...consortium.authorities].map(([mspId, { certificatePem }]) => ({ mspId, authorityPem: certificatePem })),
    );
    const { mspId, certificatePem } = memberOf(consortium, "orderer");
    expect(channel.orderers).toEqual([{ mspId, certificatePem }]);
    expect(channel.endorsingOrganisationsMin).toBe(2);
    expect(JSON.stringify(channel)).not.toContain("PRIVATE");
  });

  it("can reach its endorsers: the ledger's peers are of as many organisations", () => {
    const { peers, orderers } = ledgerNodes(consortium);
    expect(new Set(peers.map(({ mspId }) => mspId)).size).toBe(channelConsortium(consortium).endorsingOrganisationsMin);
    expect(orderers).toEqual([memberOf(consortium, "orderer")]);
  });
});
