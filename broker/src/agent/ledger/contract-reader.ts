import { type Ledger, ledgerRefusal } from "@gridpact/ledger";
import { type DeviceSettlement, type JsonValue, reviveUnits, type VirtualNodeSettlement } from "@gridpact/settlement";

/** Questions to the ledger. */
export type LedgerReader = Pick<Ledger, "evaluate">;

/** What the node reads of its contract with the aggregator. */
export type Sc1 = {
  terms: {
    contractId: string;
    orderedWh: bigint[];
    priceMicroPerWh: bigint;
    penaltyMicroPerWh: bigint;
    penaltyCapMicro: bigint;
    acceptanceProofHashHex: string;
  };
  /** How long its settlement, and those under it, may be disputed and evidenced after its end. */
  policy: { disputeWindowMs: number; evidenceWindowMs: number };
  state: "proposed" | "accepted" | "settled" | "completed" | "refused" | "expired";
  settlement: VirtualNodeSettlement | null;
};

/** What a node and a device agree on; the device signs the hash of exactly this. */
export type Sc2Terms = {
  contractId: string;
  sc1Id: string;
  deviceId: string;
  intervals: { startUnixMs: number; endUnixMs: number }[];
  orderedWh: bigint[];
  baselineWh: bigint[];
  priceMicroPerWh: bigint;
  penaltyMicroPerWh: bigint;
  penaltyCapMicro: bigint;
  kind: "original" | "replacement";
};

/** As `sc2:GetContract` answers, with bigints again; `settlement` is null before `settled`. */
export type Sc2 = {
  terms: Sc2Terms;
  termsHashHex: string;
  state: "proposed" | "accepted" | "settled" | "completed" | "expired";
  settlement: DeviceSettlement | null;
};

/** The contract with the aggregator; undefined while it is not set up. */
export async function readSc1(ledger: LedgerReader, contractId: string): Promise<Sc1 | undefined> {
  try {
    const view = (await ledger.evaluate("sc1:GetContract", { contractId })) as JsonValue;
    return (reviveUnits(view) as { contract: Sc1 }).contract;
  } catch (error) {
    if (ledgerRefusal(error) === "SC1_UNKNOWN") return undefined;
    throw error;
  }
}

/** The contract with a device; undefined while it is not set up. */
export async function readSc2(ledger: LedgerReader, contractId: string): Promise<Sc2 | undefined> {
  try {
    return reviveUnits((await ledger.evaluate("sc2:GetContract", { contractId })) as JsonValue) as Sc2;
  } catch (error) {
    if (ledgerRefusal(error) === "SC2_UNKNOWN") return undefined;
    throw error;
  }
}
