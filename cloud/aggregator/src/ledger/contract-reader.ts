import { type Ledger, ledgerRefusal } from "@gridpact/ledger";
import type { DeviceSettlement, JsonValue, VirtualNodeSettlement } from "@gridpact/settlement";
import { reviveUnits } from "@gridpact/settlement";

type LedgerReader = Pick<Ledger, "evaluate">;

type Prices = { priceMicroPerWh: bigint; penaltyMicroPerWh: bigint; penaltyCapMicro: bigint };

/** What the aggregator reads of a contract with a virtual node. */
export type Sc1 = {
  contract: {
    terms: Prices & { contractId: string; vnId: string; orderedWh: bigint[] };
    state: "proposed" | "accepted" | "settled" | "completed" | "refused" | "expired";
    settlement: VirtualNodeSettlement | null;
  };
  sc2ContractIds: string[];
  /** Groups of the contracts with devices, which are settled and paid group by group. */
  chunks: { chunkNo: number; state: "open" | "summed" | "completed" }[];
};

/** What the aggregator reads of a contract with a device. */
export type Sc2 = {
  terms: Prices & { contractId: string; deviceId: string; orderedWh: bigint[]; kind: "original" | "replacement" };
  state: "proposed" | "accepted" | "settled" | "completed" | "expired";
  settlement: DeviceSettlement | null;
};

/** The contract with a virtual node; undefined when it was never set up. */
export async function readSc1(ledger: LedgerReader, contractId: string): Promise<Sc1 | undefined> {
  try {
    return reviveUnits((await ledger.evaluate("sc1:GetContract", { contractId })) as JsonValue) as Sc1;
  } catch (error) {
    if (ledgerRefusal(error) === "SC1_UNKNOWN") return undefined;
    throw error;
  }
}

/** Ids of SC2 come from an SC1, so one that is unknown is an error here. @throws EvaluateError */
export async function readSc2(ledger: LedgerReader, contractId: string): Promise<Sc2> {
  return reviveUnits((await ledger.evaluate("sc2:GetContract", { contractId })) as JsonValue) as Sc2;
}

/** All contracts with devices under one SC1, in the order in which they were set up. */
export async function readSc2Of(ledger: LedgerReader, { sc2ContractIds }: Sc1): Promise<Sc2[]> {
  return Promise.all(sc2ContractIds.map((contractId) => readSc2(ledger, contractId)));
}
