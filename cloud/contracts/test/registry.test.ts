import { beforeEach, describe, expect, it } from "vitest";
import { acceptedSc1, acceptedSc2, delivered } from "./event.ts";
import { Feid } from "./feid.ts";
import { AGGREGATOR, AUDITOR, consent, DISTRICT, HASH, type Market, OFFICES, openMarket, sc2Terms } from "./market.ts";
import { assertRefused } from "./refusal.ts";

/** A point of order 8: under ZIP-215 anyone could sign for it. */
const SMALL_ORDER_KEY_HEX = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";

describe("the registry", () => {
  let market: Market;
  const newcomer = new Feid("newcomer");

  beforeEach(async () => {
    ({ market } = await openMarket(1));
  });

  function enrolment(changes: { publicKeyHex?: string; deviceId?: string; mspId?: string; request?: Uint8Array } = {}) {
    return {
      deviceId: changes.deviceId ?? newcomer.deviceId,
      publicKeyHex: changes.publicKeyHex ?? newcomer.publicKeyHex,
      vnId: "district",
      mspId: changes.mspId ?? "VnMSP",
      enrolmentRequestHex: Buffer.from(changes.request ?? newcomer.enrolmentRequest()).toString("hex"),
    };
  }

  it("enrols a device that proved possession of its key", async () => {
    const device = await market.submit(DISTRICT, "registry:EnrolDevice", enrolment());
    expect(device).toEqual({
      deviceId: "newcomer",
      publicKeyHex: newcomer.publicKeyHex,
      vnId: "district",
      mspId: "VnMSP",
      state: "active",
      revision: 0,
    });
    expect(await market.submit(AUDITOR, "registry:GetDevice", { deviceId: "newcomer" })).toEqual(device);
  });

  it.each([
    {
      why: "a proof by another key",
      code: "REGISTRY_POSSESSION_UNPROVEN",
      request: newcomer.enrolmentRequest(new Feid("thief")),
    },
    {
      why: "a request for another device",
      code: "REGISTRY_REQUEST_MISMATCH",
      request: new Feid("other").enrolmentRequest(),
    },
    { why: "bytes that are no request", code: "REGISTRY_REQUEST_MISMATCH", request: Buffer.from("ffff", "hex") },
    { why: "an MSP that is not the caller's", code: "REGISTRY_REQUEST_MISMATCH", mspId: "DsoMSP" },
    { why: "a device id that is taken", code: "REGISTRY_DEVICE_EXISTS", deviceId: "feid-1" },
    {
      why: "a key that another device has",
      code: "REGISTRY_KEY_IN_USE",
      publicKeyHex: new Feid("feid-1").publicKeyHex,
    },
  ] as const)("refuses $why", async ({ why: _, code, ...changes }) => {
    await assertRefused(market, { caller: DISTRICT, name: "registry:EnrolDevice", argument: enrolment(changes) }, code);
  });

  it("refuses a key of small order, whoever asks for it", async () => {
    const request = Buffer.concat([
      Buffer.from([0x0a, 8]),
      Buffer.from("newcomer"),
      Buffer.from([0x12, 32]),
      Buffer.from(SMALL_ORDER_KEY_HEX, "hex"),
    ]);
    const argument = enrolment({ publicKeyHex: SMALL_ORDER_KEY_HEX, request });
    await assertRefused(market, { caller: DISTRICT, name: "registry:EnrolDevice", argument }, "REGISTRY_KEY_REFUSED");
  });

  it("refuses devices of a virtual node that nobody registered, and a node registered twice", async () => {
    const caller = OFFICES;
    const { market: empty } = await openMarket(0);
    const argument = { ...enrolment(), vnId: "village" };
    await assertRefused(empty, { caller, name: "registry:EnrolDevice", argument }, "ACCESS_NOT_OWNER");
    const node = { vnId: "district", mspId: "VnMSP" };
    const again = { caller: AGGREGATOR, name: "registry:RegisterVirtualNode", argument: node } as const;
    await assertRefused(market, again, "REGISTRY_VN_EXISTS");
    const unknown = { caller: AGGREGATOR, name: "registry:GetVirtualNode", argument: { vnId: "village" } } as const;
    await assertRefused(market, unknown, "REGISTRY_VN_UNKNOWN");
  });

  it("keeps every revision of a device", async () => {
    const revoked = await market.submit(DISTRICT, "registry:RevokeDevice", { deviceId: "feid-1", reason: "stolen" });
    expect(revoked).toMatchObject({ state: "revoked", revision: 1 });
    const history = [0, 1].map((revision) =>
      market.submit(AUDITOR, "registry:GetDeviceRevision", { deviceId: "feid-1", revision }),
    );
    expect((await Promise.all(history)).map(({ state }) => state)).toEqual(["active", "revoked"]);
    const unknown = { deviceId: "feid-1", revision: 2 };
    const call = { caller: AUDITOR, name: "registry:GetDeviceRevision", argument: unknown } as const;
    await assertRefused(market, call, "REGISTRY_DEVICE_UNKNOWN");
  });

  it("refuses to revoke a device twice, or one that does not exist", async () => {
    await market.submit(DISTRICT, "registry:RevokeDevice", { deviceId: "feid-1", reason: "stolen" });
    const revoke = (deviceId: string) =>
      ({ caller: DISTRICT, name: "registry:RevokeDevice", argument: { deviceId, reason: HASH } }) as const;
    await assertRefused(market, revoke("feid-1"), "REGISTRY_DEVICE_REVOKED");
    await assertRefused(market, revoke("nobody"), "REGISTRY_DEVICE_UNKNOWN");
  });
});

describe("a revoked device", () => {
  it("gets no new contract and accepts none, but is paid for what it accepted before", async () => {
    const { market, feids } = await openMarket(2);
    const [first, second] = feids as [Feid, Feid];
    await acceptedSc1(market, feids);
    const [terms] = await acceptedSc2(market, [first]);
    const offer = sc2Terms(second.deviceId);
    await market.offer(offer);
    for (const { deviceId } of feids)
      await market.submit(DISTRICT, "registry:RevokeDevice", { deviceId, reason: "lost" });
    const setup = {
      caller: DISTRICT,
      name: "sc2:SetupDR",
      argument: { chunkNo: 99, terms: { ...offer, contractId: "new" } },
    } as const;
    await assertRefused(market, setup, "REGISTRY_DEVICE_REVOKED");
    const accept = { caller: second.identity, name: "sc2:AcceptReduction", argument: consent(offer) } as const;
    await assertRefused(market, accept, "REGISTRY_DEVICE_REVOKED");
    const evidence = await delivered(market, first, { terms: terms ?? offer, actualWh: [2_000n, 2_000n] });
    const settled = await market.submit(DISTRICT, "sc2:SettleDR", { contractId: "sc2-1-feid-1", evidence });
    expect(settled.settlement?.outcome).toBe("success");
  });
});
