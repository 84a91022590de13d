import { SeededRandom } from "@gridpact/host";
import {
  BlockProver,
  type Receipt,
  VERIFICATION_STEPS,
  type VerificationStep,
  verifyReceipt,
  verifyReceiptBytes,
} from "@gridpact/ledger/receipts";
import { canonicalJson } from "@gridpact/settlement";
import { beforeAll, describe, expect, it } from "vitest";
import { type Day, playedDay } from "../../test/played-day.ts";

const SEED = "verify";

let day: Day;
/** The smallest receipt, since many of these tests verify it again and again. */
let text: string;

beforeAll(async () => {
  day = await playedDay(SEED);
  text = [...day.receipts.values()].sort((left, right) => left.length - right.length)[0] ?? "";
}, 60_000);

/** The receipt with something changed, in canonical form again. */
function changed(change: (receipt: Mutable<Receipt>) => void): string {
  const receipt = JSON.parse(text) as Mutable<Receipt>;
  change(receipt);
  return canonicalJson(receipt);
}

/** Of the block with the first transaction; anchors may lie in earlier ones. */
function placeOfSetUp({ blocks, transactions }: Mutable<Receipt>): number {
  return blocks.findIndex(({ number }) => number === transactions[0]?.blockNumber);
}

/** As parsed: every integer of energy or money is text. */
type Mutable<T> = T extends bigint ? string : T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;

describe("a receipt as the virtual node wrote it", () => {
  it("holds in every step, for every device that had a contract", () => {
    expect(day.receipts.size).toBeGreaterThanOrEqual(5);
    for (const receipt of day.receipts.values()) {
      const { ok, steps, money } = verifyReceipt(receipt, day.consortium);
      expect(steps.filter((step) => !step.ok)).toEqual([]);
      expect(steps.map(({ step }) => step)).toEqual(VERIFICATION_STEPS);
      expect(ok).toBe(true);
      expect(money).not.toBeNull();
    }
  });

  it("says how much the device earned, less what is held back for disputes", () => {
    const { settlement } = JSON.parse(text) as Mutable<Receipt>;
    const { money } = verifyReceipt(text, day.consortium);
    expect(money?.paidMicro).toBe(BigInt(settlement.paidMicro) - BigInt(settlement.paidMicro) / 10n);
    expect(money?.penaltyMicro).toBe(BigInt(settlement.penaltyMicro));
  });

  it("does not hold for someone who trusts another consortium", async () => {
    const { authorityPem } = day.consortium.organisations[0] ?? { authorityPem: "" };
    const organisations = day.consortium.organisations.map((each) => ({ ...each, authorityPem }));
    const { ok, steps } = verifyReceipt(text, { ...day.consortium, organisations });
    expect(ok).toBe(false);
    expect(steps.at(-1)).toMatchObject({ step: "blocks", ok: false });
  });
});

describe("a receipt of a device that consented together with others", () => {
  it("holds, and does not without the signature of the device's own key", async () => {
    const together = await playedDay(SEED, { consentsTogetherMin: 1 });
    expect(together.receipts.size).toBe(day.receipts.size);
    for (const receipt of together.receipts.values()) {
      const { ok, steps } = verifyReceipt(receipt, together.consortium);
      expect(steps.filter((step) => !step.ok)).toEqual([]);
      expect(ok).toBe(true);
      expect(steps.find(({ step }) => step === "identity")?.detail).toMatch(/consented by its signature$/);
    }
    const [receipt = ""] = together.receipts.values();
    const prover = new BlockProver(together.consortium, { verifySignature: () => false });
    const { steps } = verifyReceiptBytes(Buffer.from(receipt), prover);
    expect(steps.at(-1)).toMatchObject({ step: "identity", ok: false, detail: expect.stringMatching(/consent/) });
  }, 60_000);
});

describe("a receipt of a contract that was amended", () => {
  /** One of them has room for what another fails to deliver, and is seen to deliver within the quarter of an hour. */
  const deviceIds = ["d-home-h01", "d-ld02-commercial", "d-ld04-household", "d-ld33-commercial", "o-zone-1"];
  const readingPeriodMs = 300_000;

  it("holds by the order in force, says what that is, and does not hold when an amendment is left out", async () => {
    const moved = await playedDay(SEED, { deviceIds, readingPeriodMs });
    const amended = [...moved.receipts.values()].find((each) => each.includes('"name":"sc2:Amend"')) ?? "";
    const { ok, steps } = verifyReceipt(amended, moved.consortium);
    expect(steps.filter((step) => !step.ok)).toEqual([]);
    expect(ok).toBe(true);
    const { detail } = steps.find(({ step }) => step === "amendments") ?? {};
    expect(detail).toMatch(/^\d amendments?, signed by the device: [\d ]+ Wh instead of [\d ]+$/);
    const receipt = JSON.parse(amended) as Mutable<Receipt>;
    const transactions = receipt.transactions.filter(({ name }) => name !== "sc2:Amend");
    const needed = new Set([...transactions, ...receipt.anchors].map(({ blockNumber }) => blockNumber));
    const blocks = receipt.blocks.filter(({ number }) => needed.has(number));
    const without = verifyReceipt(canonicalJson({ ...receipt, transactions, blocks }), moved.consortium);
    expect(without.steps.at(-1)).toMatchObject({ step: "settlement", ok: false });
  }, 60_000);
});

describe("a flipped byte", () => {
  /** Every part of a receipt, and how many positions in it are tried. */
  const SECTIONS: Record<string, number> = {
    anchors: 20,
    baseline: 70,
    blocks: 60,
    deviceId: 5,
    eventId: 5,
    evidence: 50,
    kind: 4,
    publicKeyHex: 8,
    sc1Id: 5,
    settlement: 25,
    terms: 25,
    transactions: 30,
    version: 2,
    vnId: 4,
  };

  it.each(Object.entries(SECTIONS))(
    "in %s fails, wherever it is, and says where",
    (section, count) => {
      const random = new SeededRandom(`${SEED}/${section}`);
      const [from, to] = sectionOf(section);
      const prover = new BlockProver(day.consortium);
      for (let tried = 0; tried < count; tried++) {
        const at = from + random.below(to - from);
        const bytes = Buffer.from(text);
        bytes[at] = flipped(bytes[at] ?? 0, random);
        const { ok, steps } = verifyReceiptBytes(bytes, prover);
        expect(ok, `byte ${at} of ${section}: ${text.slice(at - 20, at + 20)}`).toBe(false);
        expect(steps.at(-1)?.ok).toBe(false);
        expect(steps.at(-1)?.detail).not.toBe("");
      }
    },
    60_000,
  );

  it("is tried in every part that a receipt has", () => {
    expect(Object.keys(JSON.parse(text)).sort()).toEqual(Object.keys(SECTIONS).sort());
  });

  /** First character of a section's key, and the first after its value. */
  function sectionOf(section: string): [number, number] {
    const value = canonicalJson((JSON.parse(text) as Record<string, unknown>)[section]);
    const from = text.indexOf(`"${section}":${value}`);
    expect(from).toBeGreaterThan(0);
    return [from, from + section.length + 3 + value.length];
  }

  /** Often another digit or letter of its kind, which leaves the JSON whole; else any bit. */
  function flipped(byte: number, random: SeededRandom): number {
    const digits = "0123456789abcdef";
    const digit = digits.indexOf(String.fromCharCode(byte));
    if (digit === -1 || random.chance(200)) return byte ^ (1 << random.below(8));
    const kindSize = digit < 10 ? 10 : 16;
    return digits.charCodeAt((digit + 1 + random.below(kindSize - 1)) % kindSize);
  }
});

describe("a changed receipt fails in the step that the change is about", () => {
  type Case = [what: string, step: VerificationStep, where: RegExp, change: (receipt: Mutable<Receipt>) => void];

  const CASES: Case[] = [
    ["an unknown field", "form", /\$\.extra/, (it) => Object.assign(it, { extra: 1 })],
    ["a missing field", "form", /\$\.vnId/, (it) => Reflect.deleteProperty(it, "vnId")],
    ["upper-case hex", "form", /publicKeyHex/, (it) => (it.publicKeyHex = it.publicKeyHex.toUpperCase())],
    ["a block left out", "transactions", /is not valid in block/, (it) => it.blocks.splice(placeOfSetUp(it), 1)],
    ["a block under another number", "blocks", /blocks\[0\]/, (it) => Object.assign(it.blocks[0] ?? {}, { number: 0 })],
    ["blocks out of order", "blocks", /order/, (it) => it.blocks.reverse()],
    ["a transaction left out", "transactions", /must be/, (it) => it.transactions.pop()],
    ["a transaction twice", "transactions", /must be/, (it) => it.transactions.push(it.transactions[0] ?? never())],
    ["another device", "identity", /deviceId/, (it) => (it.deviceId = "o-zone-9")],
    ["another key", "identity", /publicKeyHex/, (it) => (it.publicKeyHex = "ab".repeat(32))],
    ["another virtual node", "identity", /vnId/, (it) => (it.vnId = "elsewhere")],
    ["another event", "terms", /eventId/, (it) => (it.eventId = "story-2")],
    ["a better price", "terms", /terms\.priceMicroPerWh/, (it) => (it.terms.priceMicroPerWh += "0")],
    ["an anchor that nothing needs", "anchors", /serves nothing/, (it) => it.anchors.push(unusedAnchor(it))],
    ["an anchor left out", "transactions", /serves nothing/, (it) => it.anchors.pop()],
    ["a proof of another size", "inclusion", /size/, (it) => (firstProof(it).size += 1)],
    ["a proof of another leaf", "inclusion", /does not lead/, (it) => (firstProof(it).leafIndex ^= 1)],
    ["a longer proof", "inclusion", /does not lead/, (it) => firstProof(it).pathHex.push("00".repeat(32))],
    ["another baseline method", "baseline", /method/, (it) => (it.baseline.method = "nominated")],
    ["a committed baseline changed", "baseline", /committed was/, (it) => (it.baseline.baselineWh[0] += "1")],
    ["a day left out", "baseline", /selection|days/, (it) => it.baseline.days.splice(3, 1)],
    ["days out of order", "baseline", /selection|days/, (it) => it.baseline.days.reverse()],
    ["a longer look back", "baseline", /selection/, (it) => (it.baseline.selection.lookbackDays = 45)],
    ["a holiday", "baseline", /selection/, (it) => (it.baseline.selection.holidays as string[]).push("2016-01-06")],
    ["a reading withheld", "settlement", /evidence/, (it) => (it.evidence.boundaries[0] = null)],
    ["more money", "settlement", /paidMicro/, (it) => (it.settlement.paidMicro += "0")],
  ];

  it.each(CASES)("%s: %s", (_, step, where, change) => {
    const { ok, steps } = verifyReceipt(changed(change), day.consortium);
    expect(ok).toBe(false);
    expect(steps.at(-1)).toMatchObject({ step, ok: false });
    expect(steps.at(-1)?.detail).toMatch(where);
  });

  it("spaces, order of keys and a line end: form", () => {
    const receipt = JSON.parse(text) as Record<string, unknown>;
    const unsorted = JSON.stringify({ vnId: receipt["vnId"], ...receipt });
    for (const other of [` ${text}`, `${text}\n`, JSON.stringify(receipt, null, 1), unsorted, "", "{}", "null", "[]"]) {
      const { steps, subject } = verifyReceipt(other, day.consortium);
      expect(steps).toMatchObject([{ step: "form", ok: false }]);
      expect(subject).toBeNull();
    }
  });

  function firstProof(receipt: Mutable<Receipt>) {
    return receipt.evidence.envelopes[0]?.proof ?? never();
  }

  function unusedAnchor({ anchors }: Mutable<Receipt>) {
    const last = anchors.at(-1) ?? never();
    return { batchNo: last.batchNo + 1, blockNumber: last.blockNumber };
  }
});

describe("the step", () => {
  it("signatures refuses an envelope in another protobuf frame: its signature would not notice", () => {
    const padded = changed((receipt) => {
      const [day0] = receipt.baseline.days;
      const [first] = day0?.evidence.envelopes ?? [];
      // Field 15, which nobody knows, with the value 0.
      if (first !== undefined) first.envelopeHex += "7800";
    });
    const { steps } = verifyReceipt(padded, day.consortium);
    expect(steps.at(-1)).toMatchObject({ step: "signatures", ok: false });
    expect(steps.at(-1)?.detail).toMatch(/canonical protobuf/);
  });

  it("chain counts the links that it checked", () => {
    const { steps } = verifyReceipt(text, day.consortium);
    expect(steps.find(({ step }) => step === "chain")?.detail).toMatch(/^[1-9]\d* links between/);
  });
});

function never(): never {
  throw new Error("the receipt of the played day has this part");
}
