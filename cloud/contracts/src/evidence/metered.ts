import type { RegisterValues } from "@gridpact/settlement";
import { findAnchor, NodeHashes } from "../anchors/index.ts";
import { getDevice, keysCountingAt } from "../registry/index.ts";
import type { Transaction } from "../transaction/index.ts";
import type { Evidence } from "./documents.ts";
import { batchesOf, verifyEvidence } from "./verify-evidence.ts";

/** Of each transaction's evidence: what is checked in another one must not depend on it. */
const nodesOf = new WeakMap<Transaction, NodeHashes>();

/**
 * Registers of a device at instants, from evidence that is checked against the ledger: a virtual node's anchors, and
 * the device's keys at that node. A device's key counts even when it was revoked after an acceptance, or revoking would
 * be a way not to pay.
 *
 * @throws ContractError REGISTRY_DEVICE_UNKNOWN, or as `verifyEvidence` does
 */
export async function meteredRegisters(
  transaction: Transaction,
  source: { vnId: string; deviceId: string; boundariesUnixMs: readonly number[] },
  evidence: Evidence,
): Promise<(RegisterValues | null)[]> {
  const { vnId, deviceId, boundariesUnixMs } = source;
  const device = await getDevice(transaction, { deviceId });
  const keys = await keysCountingAt(transaction, device, vnId);
  const anchors = new Map<number, { rootHex: string; size: number }>();
  for (const batchNo of batchesOf(evidence)) {
    const anchor = await findAnchor(transaction, { vnId, batchNo });
    if (anchor !== undefined) anchors.set(batchNo, anchor);
  }
  const nodes = nodesOf.get(transaction) ?? new NodeHashes();
  nodesOf.set(transaction, nodes);
  return verifyEvidence(evidence, {
    deviceId,
    keys: keys.map(({ publicKeyHex, beforeBatchNo }) => ({
      publicKey: Buffer.from(publicKeyHex, "hex"),
      beforeBatchNo,
    })),
    boundariesUnixMs,
    anchorOf: (batchNo) => anchors.get(batchNo),
    verifySignature: transaction.verifySignature,
    nodes,
  });
}
