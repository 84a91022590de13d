import { consentSigningBytes, releaseHash, SIGNATURE_BYTES } from "@gridpact/proto";
import { demand } from "../contract-error.ts";
import {
  CHAINCODE_EVENT,
  DEVICE_ID,
  defineTransaction,
  hex,
  object,
  type Shaped,
  type Transaction,
  VN_ID,
} from "../transaction/index.ts";
import { getActiveDevice, putRevision } from "./device.ts";
import { DEVICE, type Device, deviceReleaseAt } from "./documents.ts";
import { noteFormerKey } from "./former-keys.ts";
import { getVirtualNode } from "./virtual-node.ts";

/** By the node that the device is with (`ledger-registrar.ts`), as part of an approved move. */
export const RELEASE_DEVICE = defineTransaction({
  name: "registry:ReleaseDevice",
  argument: object({
    deviceId: DEVICE_ID,
    toVnId: VN_ID,
    /** The device's signature over `consentSigningBytes` of the `releaseHash`. */
    consentSignatureHex: hex({ bytesMin: SIGNATURE_BYTES, bytesMax: SIGNATURE_BYTES }),
  }),
  result: DEVICE,
});

/**
 * Lets a device go to another virtual node, if the device itself agrees. It is a member of neither until that node
 * enrols it with the same key, so each of the three has its say:
 * ```
 *   active at A --ReleaseDevice by A, signed by the device--> released --EnrolDevice by B--> active at B
 * ```
 * No new contract may be set up or accepted meanwhile. What it accepted before is still settled by A, on A's anchors.
 * The key that it leaves with goes on counting in A's batches, also when it gets another one at B.
 *
 * @throws ContractError REGISTRY_DEVICE_UNKNOWN, ACCESS_NOT_OWNER, REGISTRY_DEVICE_REVOKED, REGISTRY_DEVICE_RELEASED,
 *   REGISTRY_VN_UNKNOWN, REGISTRY_RELEASE_REFUSED, REGISTRY_RELEASE_UNPROVEN, REGISTRY_KEY_REFUSED
 */
export async function releaseDevice(
  transaction: Transaction,
  { deviceId, toVnId, consentSignatureHex }: Shaped<typeof RELEASE_DEVICE.argument>,
): Promise<Device> {
  const device = await getActiveDevice(transaction, deviceId);
  transaction.authorise(device);
  await getVirtualNode(transaction, { vnId: toVnId });
  demand(toVnId !== device.vnId, "REGISTRY_RELEASE_REFUSED", () => `${deviceId} is a device of ${toVnId}`);
  const { vnId: fromVnId, revision } = device;
  const message = consentSigningBytes(releaseHash({ deviceId, fromVnId, toVnId, revision }));
  const publicKey = Buffer.from(device.publicKeyHex, "hex");
  const hasAgreed = transaction.verifySignature(publicKey, message, Buffer.from(consentSignatureHex, "hex"));
  demand(hasAgreed, "REGISTRY_RELEASE_UNPROVEN", () => `${deviceId} did not sign to go to ${toVnId}`);
  const released: Device = { ...device, state: "released", revision: device.revision + 1 };
  await noteFormerKey(transaction, device, null);
  putRevision(transaction, released);
  transaction.state.put(deviceReleaseAt(deviceId), { toVnId, releasedAtUnixMs: transaction.claimedAtUnixMs });
  transaction.emit(CHAINCODE_EVENT.DEVICE_RELEASED, { deviceId, vnId: device.vnId, toVnId });
  return released;
}
