/** What amendments made of a contract's order, one after the other. */

import { amendmentHash, termsHash } from "@gridpact/contracts";
import { amendmentSigningBytes, type SignatureVerifier } from "@gridpact/proto";
import { reviveUnits } from "@gridpact/settlement";
import type { ProvenTransaction } from "../evidence/index.ts";
import { argumentOf, type ReceiptLedger } from "./proven-ledger.ts";
import type { Receipt } from "./receipt.ts";
import { demand, type StepResult } from "./verification-report.ts";

type Change = {
  contractId: string;
  amendmentNo: number;
  orderedWh: readonly bigint[];
  penaltyCapMicro: bigint;
  signatureHex: string;
};

/** The newest amendment as the contract keeps it; null when there is none. */
export type OrderInForce = Pick<Change, "amendmentNo" | "orderedWh" | "penaltyCapMicro"> | null;

/**
 * Whether each amendment was signed by the device's own key and followed the one before. That the last one listed is
 * the last there was is told by the contract as it was settled.
 * @throws ReceiptFaultError
 */
export function checkAmendments(
  receipt: Receipt,
  { amendments }: ReceiptLedger,
  verify: SignatureVerifier,
): StepResult<OrderInForce> {
  let inForce: OrderInForce = null;
  for (const [index, transaction] of amendments.entries()) {
    const { signatureHex, contractId: _, ...order } = changeIn(transaction, receipt);
    demand(order.amendmentNo === index + 1, () => `amendment ${order.amendmentNo} stands where ${index + 1} should`);
    const { contractId } = receipt.terms;
    const hashHex = amendmentHash({ contractId, termsHashHex: termsHash(receipt.terms), ...order });
    const message = amendmentSigningBytes(Buffer.from(hashHex, "hex"));
    const isSigned = verify(Buffer.from(receipt.publicKeyHex, "hex"), message, Buffer.from(signatureHex, "hex"));
    demand(isSigned, () => `amendment ${order.amendmentNo}: is not signed by the device`);
    inForce = order;
  }
  return { value: inForce, detail: inForce === null ? "none" : wordsFor(receipt, inForce) };
}

function changeIn(transaction: ProvenTransaction, { terms, sc1Id }: Receipt): Change {
  const argument = reviveUnits(argumentOf(transaction)) as { sc1Id: string; changes: Change[] };
  const change = argument.changes.find(({ contractId }) => contractId === terms.contractId);
  demand(
    change !== undefined && argument.sc1Id === sc1Id,
    () => `the listed amendment ${transaction.transactionId} is not of ${terms.contractId} under ${sc1Id}`,
  );
  return change;
}

function wordsFor({ terms }: Receipt, { amendmentNo, orderedWh }: NonNullable<OrderInForce>): string {
  const times = amendmentNo === 1 ? "1 amendment" : `${amendmentNo} amendments`;
  return `${times}, signed by the device: ${orderedWh.join(" ")} Wh instead of ${terms.orderedWh.join(" ")}`;
}
