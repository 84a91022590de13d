import { strict as assert } from "node:assert";
import type { ReceiptTransaction } from "@gridpact/ledger/receipts";
import type { Given } from "../agent-host.ts";

/** The registry's history of a device, as far as an enrolment is told by it. */
type Revision = { state: "active" | "released" | "revoked"; publicKeyHex: string; transactionId: string };

/** A device's key, and the transaction that brought it to the node whose contract it accepted. */
export type EnrolmentInForce = { publicKeyHex: string; enrolment: ReceiptTransaction };

/**
 * The newest enrolment of a device that stands on the ledger no later than `untilBlock`. A device that moves is
 * enrolled once more, by its new node: what it accepts there rests on that, and what it accepted before on the older.
 * ```
 *  revision   0 active    1 released    2 active    3 active    4 revoked
 *             EnrolDevice               EnrolDevice rotated
 * ```
 */
export async function enrolmentInForce(
  deviceId: string,
  untilBlock: number,
  { modules: { ledger } }: Given<"ledger">,
): Promise<EnrolmentInForce> {
  const { revision: newest } = (await ledger.evaluate("registry:GetDevice", { deviceId })) as { revision: number };
  const read = (revision: number) =>
    ledger.evaluate("registry:GetDeviceRevision", { deviceId, revision }) as Promise<Revision>;
  let entry = await read(newest);
  for (let revision = newest; ; revision--) {
    const before = revision === 0 ? undefined : await read(revision - 1);
    const isEnrolment = entry.state === "active" && (before === undefined || before.state === "released");
    if (isEnrolment) {
      const { publicKeyHex, transactionId } = entry;
      const { header } = await ledger.blockByTransaction(transactionId);
      const enrolment = { name: "registry:EnrolDevice", transactionId, blockNumber: header.number } as const;
      if (header.number <= untilBlock) return { publicKeyHex, enrolment };
    }
    assert(before !== undefined, `${deviceId} was enrolled before it was contracted`);
    entry = before;
  }
}
