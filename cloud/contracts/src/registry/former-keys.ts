import { demand } from "../contract-error.ts";
import type { Shaped, Transaction } from "../transaction/index.ts";
import { type Device, type FORMER_KEYS, FORMER_KEYS_MAX, formerKeysAt } from "./documents.ts";

type FormerKey = Shaped<typeof FORMER_KEYS>["keys"][number];

/** A key that readings may be signed with: in batches before `beforeBatchNo`, in all of them when that is null. */
export type CountingKey = Pick<FormerKey, "publicKeyHex" | "beforeBatchNo">;

/**
 * Keys that count in the batches of one virtual node. Batches are numbered by each node for itself, so what a key
 * counts up to is said for the node where that was: a device that has moved, and changed its key after or before that,
 * is proven at each node by the keys that it had there, and by no other.
 */
export async function keysCountingAt(transaction: Transaction, device: Device, vnId: string): Promise<CountingKey[]> {
  const { deviceId, publicKeyHex } = device;
  const former = (await formerKeys(transaction, deviceId)).filter((key) => key.vnId === vnId);
  // The present key counts always: a device may still send what it signed late.
  return device.vnId === vnId ? [{ publicKeyHex, beforeBatchNo: null }, ...former] : former;
}

/**
 * Notes up to which batch of its present node a device's present key counts, because it changes the key (a number) or
 * leaves that node (null: what is to be proven there was signed before, and the node must not have the say in it).
 *
 * @throws ContractError REGISTRY_KEY_REFUSED for a device that has had too many
 */
export async function noteFormerKey(
  transaction: Transaction,
  { deviceId, vnId, publicKeyHex }: Device,
  beforeBatchNo: number | null,
): Promise<void> {
  const known = await formerKeys(transaction, deviceId);
  // One that came back with the same key has a newer word of it.
  const others = known.filter((key) => key.vnId !== vnId || key.publicKeyHex !== publicKeyHex);
  const hasRoom = others.length < FORMER_KEYS_MAX;
  demand(hasRoom, "REGISTRY_KEY_REFUSED", () => `${deviceId} has had ${FORMER_KEYS_MAX} keys at its nodes`);
  transaction.state.put(formerKeysAt(deviceId), { keys: [...others, { publicKeyHex, vnId, beforeBatchNo }] });
}

async function formerKeys({ state }: Transaction, deviceId: string): Promise<readonly FormerKey[]> {
  return (await state.get(formerKeysAt(deviceId)))?.keys ?? [];
}
