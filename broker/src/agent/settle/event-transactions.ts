import type { Ledger, LedgerEvent } from "@gridpact/ledger";
import type { ReceiptTransaction, ReceiptTransactionName } from "@gridpact/ledger/receipts";

/** Transactions of one SC1 and, by contract, of the SC2 under it. */
export type EventTransactions = { ofSc1: ReceiptTransaction[]; ofSc2: Map<string, ReceiptTransaction[]> };

/** Which transaction an event of the chaincode speaks of, and the contracts in its payload. */
const SOURCES: Record<string, { name: ReceiptTransactionName; contractIdsIn: (payload: EventPayload) => string[] }> = {
  "sc1.Accepted": { name: "sc1:AcceptReduction", contractIdsIn: ({ contractId }) => [contractId ?? ""] },
  "sc2.Proposed": { name: "sc2:SetupDRBatch", contractIdsIn: ({ contractIds }) => contractIds ?? [] },
  "sc2.Accepted": { name: "sc2:AcceptReduction", contractIdsIn: ({ contractId }) => [contractId ?? ""] },
  "sc2.AcceptedBatch": {
    name: "sc2:AcceptReductionBatch",
    contractIdsIn: ({ contracts }) => (contracts ?? []).map(({ contractId }) => contractId),
  },
  "sc2.Amended": {
    name: "sc2:Amend",
    contractIdsIn: ({ contracts }) => (contracts ?? []).map(({ contractId }) => contractId),
  },
  "sc2.Settled": {
    name: "sc2:SettleDRBatch",
    contractIdsIn: ({ contracts }) => (contracts ?? []).map(({ contractId }) => contractId),
  },
  "sc1.Settled": { name: "sc1:SettleDR", contractIdsIn: ({ contractId }) => [contractId ?? ""] },
  "sc1.ChunkCompleted": { name: "sc1:DRCompletion", contractIdsIn: ({ sc2ContractIds }) => sc2ContractIds ?? [] },
};

/** Tells that every device under an SC1 was paid. */
const LAST_EVENT = "sc1.Completed";

type EventPayload = {
  contractId?: string;
  contractIds?: string[];
  sc2ContractIds?: string[];
  contracts?: { contractId: string }[];
};

/**
 * Finds the transactions of a completed SC1 by the events in its blocks, from `fromBlock` on. The ledger itself is
 * asked, since the node knows neither the ids of others' transactions nor, after a crash, all of its own.
 */
export async function findEventTransactions(
  ledger: Pick<Ledger, "events">,
  sc1Id: string,
  fromBlock: number,
): Promise<EventTransactions> {
  const found: EventTransactions = { ofSc1: [], ofSc2: new Map() };
  for await (const event of ledger.events(fromBlock)) {
    if (event.name === LAST_EVENT && (event.payload as EventPayload).contractId === sc1Id) break;
    const source = SOURCES[event.name];
    if (source === undefined) continue;
    const contractIds = source.contractIdsIn(event.payload as EventPayload);
    const transaction = transactionOf(event, source.name);
    if (contractIds.includes(sc1Id)) found.ofSc1.push(transaction);
    else addAll(found.ofSc2, contractIds, transaction);
  }
  return found;
}

function transactionOf({ transactionId, blockNumber }: LedgerEvent, name: ReceiptTransactionName): ReceiptTransaction {
  return { name, transactionId, blockNumber };
}

function addAll(
  byContract: Map<string, ReceiptTransaction[]>,
  contractIds: readonly string[],
  transaction: ReceiptTransaction,
): void {
  for (const contractId of contractIds) {
    byContract.set(contractId, [...(byContract.get(contractId) ?? []), transaction]);
  }
}
