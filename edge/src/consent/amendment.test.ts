import { createHash } from "node:crypto";
import { SeededRandom, SimulatedDisk, signingKeyFromSeed, VirtualClock } from "@gridpact/host";
import { amendmentSigningBytes, SIGN_STAGE, verifyZip215 } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { Consent } from "./consent.ts";
import { MoveBook } from "./move-book.ts";

const DEVICE = "feid-1";
const UNIT_MS = 900_000;
const key = signingKeyFromSeed(Buffer.alloc(32, 3));

const sha256 = (text: string) => createHash("sha256").update(text).digest();

const TERMS = {
  baselineWh: ["3000", "3000", "3000"],
  contractId: "c",
  deviceId: DEVICE,
  intervals: [1, 2, 3].map((index) => ({ startUnixMs: index * UNIT_MS, endUnixMs: (index + 1) * UNIT_MS })),
  orderedWh: ["1000", "1000", "1000"],
  penaltyCapMicro: "600",
};

function consentTo(terms: Partial<typeof TERMS> = {}) {
  const termsText = JSON.stringify({ ...TERMS, ...terms });
  return { contractId: "c", termsHashHex: sha256(termsText).toString("hex"), termsText };
}

type Order = { amendmentNo?: unknown; orderedWh?: unknown; penaltyCapMicro?: unknown; contractId?: string };

function amendment(order: Order = {}, terms = consentTo()) {
  const { contractId, termsHashHex } = terms;
  const cut = { amendmentNo: 1, orderedWh: ["1000", "1000", "400"], penaltyCapMicro: "480" };
  return { ...terms, amendmentText: JSON.stringify({ ...cut, contractId, termsHashHex, ...order }) };
}

async function setUp({ hasAgreed = true } = {}) {
  const disk = new SimulatedDisk(new SeededRandom("disk"));
  const clock = new VirtualClock(0);
  const amended: (readonly bigint[])[] = [];
  const meter: { perMille: bigint | undefined } = { perMille: 400n };
  const learner = {
    promised: async () => undefined,
    amended: async (_: string, orderedWh: readonly bigint[]) => void amended.push(orderedWh),
    deliveredPerMille: () => meter.perMille,
  };
  const options = { deviceId: DEVICE, key, policy: { penaltyCapMicroMax: 1_000n } };
  const open = async () => {
    const moves = await MoveBook.open(disk);
    return Consent.open(options, { disk, clock, learner, moves, onMove: () => undefined });
  };
  let consent = await open();
  const say = (stage: 4 | 5, message: object) =>
    consent.answer({ requestId: "r", stage, message: Buffer.from(JSON.stringify(message)) });
  if (hasAgreed) expect((await say(SIGN_STAGE.CONSENT, consentTo())).refusal).toBe("");
  const ask = async (message: { amendmentText?: string }) => {
    const { signature, refusal } = await say(SIGN_STAGE.AMENDMENT, message);
    if (refusal !== "") return refusal.split(":")[0];
    const signed = amendmentSigningBytes(sha256(message.amendmentText ?? ""));
    return verifyZip215(key.publicKey, signed, signature) ? "signed" : "forged";
  };
  const restart = async () => {
    disk.crash();
    consent = await open();
  };
  await clock.advanceTo(UNIT_MS + UNIT_MS / 2);
  return { ask, restart, clock, amended, meter };
}

describe("a device asked to amend its order", () => {
  it("signs a cut to what it delivers, and the same one again, over a restart", async () => {
    const { ask, restart, amended } = await setUp();
    expect(await ask(amendment())).toBe("signed");
    await restart();
    expect(await ask(amendment())).toBe("signed");
    expect(amended).toEqual([[1_000n, 1_000n, 400n]]);
  });

  it("is not talked out of what it delivers, by a Wh or without having metered", async () => {
    const { ask, meter, amended } = await setUp();
    expect(await ask(amendment({ orderedWh: ["1000", "1000", "399"] }))).toBe("delivers_more");
    meter.perMille = undefined;
    expect(await ask(amendment())).toBe("delivers_more");
    expect(amended).toEqual([]);
  });

  it("signs more within its owner's limit, whatever it delivers now", async () => {
    const { ask, meter } = await setUp();
    meter.perMille = undefined;
    const more = { orderedWh: ["1000", "1000", "1500"] };
    expect(await ask(amendment({ ...more, penaltyCapMicro: "1001" }))).toBe("penalty_too_high");
    expect(await ask(amendment({ ...more, penaltyCapMicro: "1000" }))).toBe("signed");
  });

  it("signs no higher penalty for less", async () => {
    const { ask } = await setUp();
    expect(await ask(amendment({ penaltyCapMicro: "601" }))).toBe("penalty_too_high");
  });

  it("signs nothing about an interval that has begun", async () => {
    const { ask, clock } = await setUp();
    expect(await ask(amendment({ orderedWh: ["400", "1000", "1000"] }))).toBe("too_late");
    await clock.advanceTo(3 * UNIT_MS);
    expect(await ask(amendment())).toBe("too_late");
  });

  it("signs one amendment of a number, and another when the first can count no more", async () => {
    const { ask, restart, clock } = await setUp();
    const early = amendment({ orderedWh: ["1000", "400", "1000"] });
    expect(await ask(early)).toBe("signed");
    await restart();
    expect(await ask(amendment())).toBe("amendment_changed");
    await clock.advanceTo(2 * UNIT_MS);
    expect(await ask(amendment())).toBe("signed");
    expect(await ask(amendment({ amendmentNo: 3 }))).toBe("amendment_unknown");
  });

  it("holds the next one against the one before", async () => {
    const { ask, meter } = await setUp();
    expect(await ask(amendment())).toBe("signed");
    expect(await ask(amendment({ amendmentNo: 2 }))).toBe("wrong_argument");
    meter.perMille = 500n;
    expect(await ask(amendment({ amendmentNo: 2, orderedWh: ["1000", "1000", "200"], penaltyCapMicro: "440" }))).toBe(
      "signed",
    );
  });

  it.each<[string, object, string]>([
    ["without an amendment", consentTo(), "wrong_argument"],
    ["that is no object", { ...amendment(), amendmentText: "3" }, "terms_mismatch"],
    ["for terms never agreed to", amendment({}, consentTo({ penaltyCapMicro: "1" })), "terms_unknown"],
    ["of another contract", amendment({ contractId: "d" }), "terms_mismatch"],
    ["of another length", amendment({ orderedWh: ["1"] }), "wrong_argument"],
    ["below zero", amendment({ orderedWh: ["1000", "1000", "-1"] }), "wrong_argument"],
    ["with a number that is none", amendment({ amendmentNo: 0 }), "wrong_argument"],
    ["that changes nothing", amendment({ orderedWh: TERMS.orderedWh }), "wrong_argument"],
  ])("refuses one %s", async (_, message, refusal) => {
    const { ask } = await setUp();
    expect(await ask(message)).toBe(refusal);
  });

  it("refuses one of a contract that it never agreed to", async () => {
    const { ask } = await setUp({ hasAgreed: false });
    expect(await ask(amendment())).toBe("terms_unknown");
  });
});
