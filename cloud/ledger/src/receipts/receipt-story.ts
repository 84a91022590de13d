/** What happened, by a receipt that holds: nothing here is believed, all of it was proven in the steps before. */
import type { Sc1Terms } from "@gridpact/contracts";
import type { ProvenTransaction } from "../evidence/index.ts";
import type { OrderInForce } from "./amendments.ts";
import type { OpenedEnvelope } from "./envelopes.ts";
import { argumentOf, type ReceiptLedger } from "./proven-ledger.ts";
import type { Receipt, ReceiptTransactionName } from "./receipt.ts";

/** A step on the ledger, and whose it was. */
export type StoryAct = {
  name: ReceiptTransactionName;
  transactionId: string;
  blockNumber: number;
  creatorName: string;
  creatorMspId: string;
  /** When its creator says that it was made; nobody attests it. */
  claimedAtUnixMs: number;
};

/** Registers that the device signed at a boundary. */
export type StoryReading = { atUnixMs: number; importWh: bigint; exportWh: bigint };

/** For pages: what a person who was paid wants to see. */
export type ReceiptStory = {
  /** Without its blocks, which are the largest part of it by far. */
  receipt: Omit<Receipt, "blocks">;
  /** What the aggregator asked of the virtual node. */
  request: Sc1Terms;
  /** Of the device, by the last amendment; as in the terms where there was none. */
  orderedWh: readonly bigint[];
  /** Devices whose baselines the node committed to before the event, and those it made contracts with together. */
  candidates: number;
  chosenTogether: number;
  acts: StoryAct[];
  /** At each boundary of the contract's intervals; null where nobody read the meter. */
  readings: (StoryReading | null)[];
};

/** What the steps of a verification gave to each other. */
export type StorySources = {
  receipt: Receipt;
  ledger: ReceiptLedger;
  request: Sc1Terms;
  inForce: OrderInForce;
  /** Of the whole receipt, those of the settlement first. */
  envelopes: readonly OpenedEnvelope[];
};

/** MUST only be told of a receipt that holds: nothing is checked here any more. */
export function storyOf({ receipt, ledger, request, inForce, envelopes }: StorySources): ReceiptStory {
  const { blocks: _, ...rest } = receipt;
  const { baselines } = argumentOf<{ baselines: Record<string, unknown> }>(ledger["sc1:AcceptReduction"]);
  const { contracts } = argumentOf<{ contracts: unknown[] }>(ledger["sc2:SetupDRBatch"]);
  return {
    receipt: rest,
    request,
    orderedWh: inForce?.orderedWh ?? receipt.terms.orderedWh,
    candidates: Object.keys(baselines).length,
    chosenTogether: contracts.length,
    acts: receipt.transactions.map((listed) => actOf(listed, ledger)),
    readings: receipt.evidence.boundaries.map((boundary) => {
      const reading = boundary && envelopes[boundary.envelope]?.payload.readings[boundary.reading];
      if (!reading) return null;
      const { measuredAtUnixMs, importWh, exportWh } = reading;
      return { atUnixMs: Number(measuredAtUnixMs), importWh, exportWh };
    }),
  };
}

function actOf({ name, transactionId, blockNumber }: Receipt["transactions"][number], ledger: ReceiptLedger): StoryAct {
  const proven = Object.values(ledger).flat() as ProvenTransaction[];
  const {
    creatorName = "",
    creatorMspId = "",
    claimedAtUnixMs = 0,
  } = proven.find((each) => each.transactionId === transactionId) ?? {};
  return { name, transactionId, blockNumber, creatorName, creatorMspId, claimedAtUnixMs };
}
