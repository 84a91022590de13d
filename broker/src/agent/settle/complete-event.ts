import { packReceipt } from "@gridpact/ledger/receipts";
import type { EventDocument } from "../document/index.ts";
import { readSc1 } from "../ledger/index.ts";
import { BlockReader } from "./block-reader.ts";
import { buildReceipt, type ReceiptContext } from "./build-receipt.ts";
import { findEventTransactions } from "./event-transactions.ts";
import { type DeviceSettlement, type LearnContext, learnFromEvent } from "./learn-from-event.ts";
import { contractsWithGaps } from "./show-late-readings.ts";

const DIRECTORY = "receipts";

/** Once the aggregator has paid: writes a receipt for every device, learns from what they delivered, and is done. */
export async function completeEvent(
  event: EventDocument,
  context: ReceiptContext & LearnContext,
): Promise<EventDocument> {
  if (event.phase !== "settled") return event;
  const { modules } = context;
  const contract = await readSc1(modules.ledger, event.request.contractId);
  if (contract?.state !== "completed") return event;
  await learnFromEvent(event, await writeReceipts(event, context), context);
  const gapContractIds = await contractsWithGaps(event, contract, context);
  return { ...event, phase: "completed", ...(gapContractIds.length > 0 && { gapContractIds }) };
}

/** Where the receipt of a contract with a device lies; ':' is kept out of file names. */
export function receiptPath(contractId: string): string {
  return `${DIRECTORY}/${contractId.replaceAll(":", ".")}.json.gz`;
}

/** Writes one receipt after the other, as each takes a megabyte unpacked; gives how each device was settled. */
async function writeReceipts(event: EventDocument, context: ReceiptContext): Promise<DeviceSettlement[]> {
  const { ledger, disk } = context.modules;
  const transactions = await findEventTransactions(ledger, event.request.contractId, event.plannedAtHeight);
  const blocks = new BlockReader(ledger);
  const outcomes: DeviceSettlement[] = [];
  for (const assignment of event.assignments) {
    const receipt = await buildReceipt(event, { assignment, transactions, blocks }, context);
    if (receipt === undefined) continue;
    await disk.replace(receiptPath(assignment.contractId), packReceipt(receipt));
    outcomes.push({ contractId: assignment.contractId, ...receipt.settlement });
  }
  return outcomes;
}
