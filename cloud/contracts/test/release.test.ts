import { releaseHash } from "@gridpact/proto";
import { beforeEach, describe, expect, it } from "vitest";
import { FORMER_KEYS_MAX } from "../src/registry/documents.ts";
import { acceptedSc1, acceptedSc2, delivered, fullEvidence, meter } from "./event.ts";
import { Feid, type Signed } from "./feid.ts";
import {
  AGGREGATOR,
  acceptance,
  consent,
  DISTRICT,
  type Market,
  OFFICES,
  openMarket,
  sc1Terms,
  sc2Terms,
} from "./market.ts";
import { assertRefused } from "./refusal.ts";

const OFFICES_SC1 = { contractId: "sc1-offices", vnId: "offices", fallbackVnIds: ["district"] };

describe("a device that moves to another virtual node", () => {
  let market: Market;
  let feid: Feid;

  beforeEach(async () => {
    const opened = await openMarket(1);
    market = opened.market;
    feid = opened.feids[0] as Feid;
  });

  function release({ toVnId = "offices", signer = feid, revision = 0, caller = DISTRICT } = {}) {
    const release = { deviceId: "feid-1", fromVnId: "district", toVnId, revision };
    const hash = Buffer.from(releaseHash(release)).toString("hex");
    const argument = { deviceId: "feid-1", toVnId, consentSignatureHex: signer.consentToHash(hash) };
    return { caller, name: "registry:ReleaseDevice", argument } as const;
  }

  function enrolment({ vnId = "offices", caller = OFFICES, device = feid } = {}) {
    const enrolmentRequestHex = Buffer.from(device.enrolmentRequest()).toString("hex");
    const { deviceId, publicKeyHex } = device;
    const argument = { deviceId, publicKeyHex, vnId, mspId: "VnMSP", enrolmentRequestHex };
    return { caller, name: "registry:EnrolDevice", argument } as const;
  }

  const move = async () => {
    await market.submit(DISTRICT, "registry:ReleaseDevice", release().argument);
    return await market.submit(OFFICES, "registry:EnrolDevice", enrolment().argument);
  };

  it("is let go by its node and taken in by the other, with the same key and one history", async () => {
    const released = await market.submit(DISTRICT, "registry:ReleaseDevice", release().argument);
    expect(released).toMatchObject({ vnId: "district", state: "released", revision: 1 });
    const moved = await market.submit(OFFICES, "registry:EnrolDevice", enrolment().argument);
    expect(moved).toEqual({ ...released, vnId: "offices", state: "active", revision: 2 });
    const history = [0, 1, 2].map((revision) =>
      market.submit(AGGREGATOR, "registry:GetDeviceRevision", { deviceId: "feid-1", revision }),
    );
    expect((await Promise.all(history)).map(({ state }) => state)).toEqual(["active", "released", "active"]);
  });

  it("goes only if it signs, for this move and no other, by its own node, to a node that there is", async () => {
    await assertRefused(market, release({ signer: new Feid("thief") }), "REGISTRY_RELEASE_UNPROVEN");
    await assertRefused(market, release({ revision: 1 }), "REGISTRY_RELEASE_UNPROVEN");
    await assertRefused(market, release({ caller: OFFICES }), "ACCESS_NOT_OWNER");
    await assertRefused(market, release({ toVnId: "village" }), "REGISTRY_VN_UNKNOWN");
    await assertRefused(market, release({ toVnId: "district" }), "REGISTRY_RELEASE_REFUSED");
  });

  it("is taken in only once it is released, only there, and only as the same device", async () => {
    await assertRefused(market, enrolment(), "REGISTRY_DEVICE_EXISTS");
    await market.addVirtualNode("village");
    await market.submit(DISTRICT, "registry:ReleaseDevice", release({ toVnId: "village" }).argument);
    await assertRefused(market, enrolment(), "REGISTRY_DEVICE_EXISTS");
    const other = new Feid("feid-1", "another key");
    await assertRefused(
      market,
      enrolment({ vnId: "district", caller: DISTRICT, device: other }),
      "REGISTRY_DEVICE_EXISTS",
    );
    const back = enrolment({ vnId: "district", caller: DISTRICT });
    expect(await market.submit(DISTRICT, back.name, back.argument)).toMatchObject({
      vnId: "district",
      state: "active",
    });
  });

  it("is taken in only once it is released by that node's own clock, too, give or take five minutes", async () => {
    const clocksApartMs = 300_000;
    market.nowUnixMs += clocksApartMs + 1;
    await market.submit(DISTRICT, "registry:ReleaseDevice", release().argument);
    market.nowUnixMs -= clocksApartMs + 1;
    await assertRefused(market, enrolment(), "TIME_IN_FUTURE");
    market.nowUnixMs += 1;
    await market.submit(OFFICES, "registry:EnrolDevice", enrolment().argument);
  });

  it("is taken back whatever the clocks say", async () => {
    market.nowUnixMs += 86_400_000;
    await market.submit(DISTRICT, "registry:ReleaseDevice", release().argument);
    market.nowUnixMs -= 86_400_000;
    const back = enrolment({ vnId: "district", caller: DISTRICT });
    expect(await market.submit(DISTRICT, back.name, back.argument)).toMatchObject({ state: "active" });
  });

  it("gets no contract on the way, and none of its old node's after", async () => {
    await acceptedSc1(market, [feid]);
    await market.submit(DISTRICT, "registry:ReleaseDevice", release().argument);
    const offer = {
      caller: DISTRICT,
      name: "sc2:SetupDR",
      argument: { chunkNo: 0, terms: sc2Terms("feid-1") },
    } as const;
    await assertRefused(market, offer, "REGISTRY_DEVICE_RELEASED");
    await market.submit(OFFICES, "registry:EnrolDevice", enrolment().argument);
    await assertRefused(market, offer, "ACCESS_NOT_OWNER");
  });

  it("is still paid by its old node for what it accepted there, on that node's anchors", async () => {
    await acceptedSc1(market, [feid]);
    const [terms = sc2Terms("feid-1")] = await acceptedSc2(market, [feid]);
    const evidence = await delivered(market, feid, { terms, actualWh: [2_000n, 2_000n] });
    await move();
    const settled = await market.submit(DISTRICT, "sc2:SettleDR", { contractId: terms.contractId, evidence });
    expect(settled.settlement?.outcome).toBe("success");
  });

  it("is contracted and settled at its new node, on that node's anchors, by the chain it goes on with", async () => {
    meter(feid, sc2Terms("feid-1"), [1n, 1n]);
    await move();
    const terms = await acceptedAtOffices(feid);
    const evidence = await anchoredAtOffices(meter(feid, terms, [2_000n, 2_000n]));
    const settled = await market.submit(OFFICES, "sc2:SettleDR", { contractId: terms.contractId, evidence });
    expect(settled).toMatchObject({ vnId: "offices", settlement: { outcome: "success" } });
  });

  describe("and changes its key", () => {
    const next = new Feid("feid-1", "the second key of feid-1");

    /** The new key counts from a batch on, by the numbers of the node that the device is at. */
    const rotate = (caller: typeof DISTRICT, firstBatchNo: number, [from, to] = [feid, next]) =>
      market.submit(caller, "registry:RotateKey", {
        deviceId: "feid-1",
        publicKeyHex: to.publicKeyHex,
        enrolmentRequestHex: Buffer.from(to.enrolmentRequest()).toString("hex"),
        consentSignatureHex: from.rotationTo(to),
        firstBatchNo,
      });

    it("after the move, is still paid by its old node for readings under the key that it had there", async () => {
      await acceptedSc1(market, [feid]);
      const [terms = sc2Terms("feid-1")] = await acceptedSc2(market, [feid]);
      const evidence = await delivered(market, feid, { terms, actualWh: [2_000n, 2_000n] });
      await move();
      await rotate(OFFICES, 0);
      const settled = await market.submit(DISTRICT, "sc2:SettleDR", { contractId: terms.contractId, evidence });
      expect(settled.settlement?.outcome).toBe("success");
    });

    it("after the move, proves nothing at its old node with the key that it never had there", async () => {
      await acceptedSc1(market, [feid]);
      const [terms = sc2Terms("feid-1")] = await acceptedSc2(market, [feid]);
      const evidence = await delivered(market, next, { terms, actualWh: [2_000n, 2_000n] });
      await move();
      await rotate(OFFICES, 0);
      const argument = { contractId: terms.contractId, evidence };
      await assertRefused(market, { caller: DISTRICT, name: "sc2:SettleDR", argument }, "EVIDENCE_BAD_SIGNATURE");
    });

    it("before the move, proves nothing at its new node with the old one, whatever the batch is numbered", async () => {
      await rotate(DISTRICT, 1);
      await market.submit(DISTRICT, "registry:ReleaseDevice", release({ signer: next, revision: 1 }).argument);
      await market.submit(OFFICES, "registry:EnrolDevice", enrolment({ device: next }).argument);
      const terms = await acceptedAtOffices(next);
      const stolen = await anchoredAtOffices(meter(feid, terms, [2_000n, 2_000n]));
      const argument = { contractId: terms.contractId, evidence: stolen };
      await assertRefused(market, { caller: OFFICES, name: "sc2:SettleDR", argument }, "EVIDENCE_BAD_SIGNATURE");
    });

    it("before the move, is paid at its new node by the new one", async () => {
      await rotate(DISTRICT, 1);
      await market.submit(DISTRICT, "registry:ReleaseDevice", release({ signer: next, revision: 1 }).argument);
      await market.submit(OFFICES, "registry:EnrolDevice", enrolment({ device: next }).argument);
      const terms = await acceptedAtOffices(next);
      const evidence = await anchoredAtOffices(meter(next, terms, [2_000n, 2_000n]));
      const settled = await market.submit(OFFICES, "sc2:SettleDR", { contractId: terms.contractId, evidence });
      expect(settled.settlement?.outcome).toBe("success");
    });

    it("has as many keys as its bound, and no more", async () => {
      const keys = Array.from({ length: FORMER_KEYS_MAX + 1 }, (_, index) => new Feid("feid-1", `key ${index}`));
      let present = feid;
      for (const key of keys.slice(0, -1)) {
        await rotate(DISTRICT, 0, [present, key]);
        present = key;
      }
      await expect(rotate(DISTRICT, 0, [present, keys.at(-1) as Feid])).rejects.toThrow("REGISTRY_KEY_REFUSED");
      const leaving = release({ signer: present, revision: FORMER_KEYS_MAX });
      await assertRefused(market, leaving, "REGISTRY_KEY_REFUSED");
    });

    it("needs room for one key only, however often it goes and comes back", async () => {
      for (let revision = 0; revision <= 2 * FORMER_KEYS_MAX; revision += 2) {
        await market.submit(DISTRICT, "registry:ReleaseDevice", release({ revision }).argument);
        await market.submit(
          DISTRICT,
          "registry:EnrolDevice",
          enrolment({ vnId: "district", caller: DISTRICT }).argument,
        );
      }
    });
  });

  /** A contract that the device has accepted at its new node. */
  async function acceptedAtOffices(device: Feid) {
    await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms(OFFICES_SC1));
    await market.submit(OFFICES, "sc1:AcceptReduction", { ...acceptance(["feid-1"]), contractId: "sc1-offices" });
    const terms = sc2Terms("feid-1", { sc1Id: "sc1-offices" });
    await market.submit(OFFICES, "sc2:SetupDR", { chunkNo: 0, terms });
    await market.submit(device.identity, "sc2:AcceptReduction", consent(terms));
    return terms;
  }

  const anchoredAtOffices = async (envelopes: readonly Signed[]) =>
    fullEvidence(market, await market.anchor(envelopes, "offices"));
});
