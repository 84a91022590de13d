/** The story of a made-up receipt, for tests of words and geometry: nothing in it was verified. */
import type { ReceiptStory, VerificationReport } from "@gridpact/ledger/receipts";

export const START = Date.UTC(2016, 0, 28, 12);
const QUARTER_MS = 900_000;

const intervals = [0, 1, 2].map((index) => ({
  startUnixMs: START + index * QUARTER_MS,
  endUnixMs: START + (index + 1) * QUARTER_MS,
}));

/** Three quarters of an hour: all delivered, a part, and a boundary that nobody read. */
const settled = [
  { baselineWh: 1_000n, orderedWh: 400n, actualWh: 500n, deliveredWh: 400n, deficiencyWh: 0n, penalisedWh: 0n },
  { baselineWh: 1_000n, orderedWh: 400n, actualWh: 900n, deliveredWh: 100n, deficiencyWh: 300n, penalisedWh: 300n },
  { baselineWh: 1_000n, orderedWh: 400n, actualWh: null, deliveredWh: 0n, deficiencyWh: 400n, penalisedWh: 400n },
].map((each, index) => ({ startUnixMs: 0, endUnixMs: 0, ...intervals[index], ...each }));

const terms = {
  contractId: "event-1:feid-1",
  sc1Id: "event-1:district",
  deviceId: "feid-1",
  intervals,
  orderedWh: [400n, 400n, 400n],
  baselineWh: [1_000n, 1_000n, 1_000n],
  priceMicroPerWh: 200n,
  penaltyMicroPerWh: 100n,
  penaltyCapMicro: 60_000n,
  kind: "original" as const,
};

const act = (name: ReceiptStory["acts"][number]["name"], blockNumber: number): ReceiptStory["acts"][number] => ({
  name,
  transactionId: "ab".repeat(32),
  blockNumber,
  creatorName: "vn-district",
  creatorMspId: "VnMSP",
  claimedAtUnixMs: START,
});

export function sampleStory(changes: Partial<ReceiptStory> = {}): ReceiptStory {
  return {
    receipt: {
      kind: "gridpact-receipt",
      version: 1,
      eventId: "event-1",
      vnId: "district",
      deviceId: "feid-1",
      publicKeyHex: "00".repeat(32),
      sc1Id: terms.sc1Id,
      terms,
      settlement: {
        escrowMicro: 240_000n,
        depositMicro: 60_000n,
        paidMicro: 100_000n,
        penaltyMicro: 60_000n,
        returnedToPayerMicro: 140_000n,
        returnedToProviderMicro: 0n,
        intervals: settled,
        orderedWh: 1_200n,
        deliveredWh: 500n,
        deficiencyWh: 700n,
        penalisedWh: 700n,
        outcome: "partial",
      },
      evidence: { envelopes: [], boundaries: [] },
      baseline: {
        method: "tenInTen",
        intervals,
        baselineWh: [1_000n, 1_000n, 1_000n],
        selection: { eventDate: "2016-01-28", eventDates: ["2016-01-26"], holidays: [], lookbackDays: 28 },
        days: ["2016-01-27", "2016-01-25"].map((localDate) => ({
          localDate,
          boundariesUnixMs: [],
          evidence: { envelopes: [], boundaries: [] },
        })),
        before: null,
      },
      transactions: [],
      anchors: [{ batchNo: 1, blockNumber: 2 }],
    },
    request: {
      contractId: terms.sc1Id,
      eventId: "event-1",
      programmeId: "default",
      vnId: "district",
      intervals,
      orderedWh: [4_000n, 4_000n, 4_000n],
      priceMicroPerWh: 250n,
      penaltyMicroPerWh: 100n,
      penaltyCapMicro: 1_000_000n,
      baselineMethod: "tenInTen",
      fallbackVnIds: [],
      acceptanceProofHashHex: "00".repeat(32),
    },
    orderedWh: terms.orderedWh,
    candidates: 9,
    chosenTogether: 4,
    acts: [
      act("sc1:AcceptReduction", 10),
      act("sc2:AcceptReduction", 11),
      act("sc2:SettleDRBatch", 20),
      act("sc1:SettleDR", 21),
      act("sc1:DRCompletion", 22),
    ],
    readings: [{ atUnixMs: START, importWh: 5_000n, exportWh: 0n }, null],
    ...changes,
  };
}

export const sampleMoney: NonNullable<VerificationReport["money"]> = {
  paidMicro: 90_000n,
  penaltyMicro: 60_000n,
  depositReturnedMicro: 0n,
};
