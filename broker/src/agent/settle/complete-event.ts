import type { StepContext } from "../agent-modules.ts";
import { type EventDocument, writeUnitJson } from "../document/index.ts";
import { readSc1 } from "../ledger/index.ts";
import type { Receipt } from "../receipt.ts";
import { buildReceipt } from "./build-receipt.ts";
import { findEventTransactions } from "./event-transactions.ts";

const DIRECTORY = "receipts";

/** Once the aggregator has paid: writes a receipt for every device, learns from what they delivered, and is done. */
export async function completeEvent(event: EventDocument, context: StepContext): Promise<EventDocument> {
  if (event.phase !== "settled") return event;
  const { modules, reliability } = context;
  const { contractId, requestId } = event.request;
  const contract = await readSc1(modules.ledger, contractId);
  if (contract?.state !== "completed") return event;
  const receipts = await buildReceipts(event, context);
  for (const receipt of receipts) {
    await modules.disk.replace(receiptPath(receipt.terms.contractId), Buffer.from(writeUnitJson(receipt)));
  }
  const outcomes = receipts.map(({ deviceId, settlement }) => {
    return { deviceId, orderedWh: settlement.orderedWh, deliveredWh: settlement.deliveredWh };
  });
  await reliability.learn(requestId, outcomes);
  return { ...event, phase: "completed" };
}

/** Where the receipt of a contract with a device lies; ':' is kept out of file names. */
export function receiptPath(contractId: string): string {
  return `${DIRECTORY}/${contractId.replaceAll(":", ".")}.json`;
}

async function buildReceipts(event: EventDocument, context: StepContext): Promise<Receipt[]> {
  const { ledger } = context.modules;
  const transactions = await findEventTransactions(ledger, event.request.contractId, event.plannedAtHeight);
  const receipts: Receipt[] = [];
  for (const assignment of event.assignments) {
    const receipt = await buildReceipt(event, { assignment, transactions }, context);
    if (receipt !== undefined) receipts.push(receipt);
  }
  return receipts;
}
