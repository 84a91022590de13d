import { rotationSigningBytes, SIGNATURE_BYTES } from "@gridpact/proto";
import { getHead } from "../anchors/index.ts";
import { demand } from "../contract-error.ts";
import {
  CHAINCODE_EVENT,
  COUNT,
  defineTransaction,
  hex,
  object,
  type Shaped,
  type Transaction,
} from "../transaction/index.ts";
import { checkPossession, ENROLMENT_FIELDS, getActiveDevice, putRevision } from "./device.ts";
import { DEVICE, type Device, keyOwnerAt } from "./documents.ts";
import { noteFormerKey } from "./former-keys.ts";

/** By the node, with two signatures of the device; no process of the host does it by itself. */
export const ROTATE_KEY = defineTransaction({
  name: "registry:RotateKey",
  argument: object({
    deviceId: ENROLMENT_FIELDS.deviceId,
    /** The new key, and the request in which it proves its possession. */
    publicKeyHex: ENROLMENT_FIELDS.publicKeyHex,
    enrolmentRequestHex: ENROLMENT_FIELDS.enrolmentRequestHex,
    /** By the present key, over `rotationSigningBytes`: the device itself names its successor. */
    consentSignatureHex: hex({ bytesMin: SIGNATURE_BYTES, bytesMax: SIGNATURE_BYTES }),
    /** First batch of the virtual node in which the old key counts no more; one that is not anchored yet. */
    firstBatchNo: COUNT,
  }),
  result: DEVICE,
});

/**
 * Gives a device a new key. Both keys have to sign: the old one so that nobody else can take the device over, the new
 * one so that no key of another is named. Readings that the old key signed before stay evidence: a node that could end
 * the key in a batch it has anchored could take from a device what proves its delivery.
 *
 * @throws ContractError REGISTRY_DEVICE_UNKNOWN, ACCESS_NOT_OWNER, REGISTRY_DEVICE_REVOKED, REGISTRY_KEY_IN_USE,
 *   REGISTRY_REQUEST_MISMATCH, REGISTRY_KEY_REFUSED, REGISTRY_POSSESSION_UNPROVEN, REGISTRY_ROTATION_UNPROVEN,
 *   TERMS_INVALID
 */
export async function rotateKey(
  transaction: Transaction,
  { consentSignatureHex, firstBatchNo, ...enrolment }: Shaped<typeof ROTATE_KEY.argument>,
): Promise<Device> {
  const { deviceId, publicKeyHex } = enrolment;
  const { state, verifySignature } = transaction;
  const device = await getActiveDevice(transaction, deviceId);
  transaction.authorise(device);
  demand((await state.get(keyOwnerAt(publicKeyHex))) === undefined, "REGISTRY_KEY_IN_USE", () => publicKeyHex);
  checkPossession(enrolment, verifySignature);
  const message = rotationSigningBytes(deviceId, Buffer.from(publicKeyHex, "hex"));
  const presentKey = Buffer.from(device.publicKeyHex, "hex");
  const isNamed = verifySignature(presentKey, message, Buffer.from(consentSignatureHex, "hex"));
  demand(isNamed, "REGISTRY_ROTATION_UNPROVEN", () => `the present key of ${deviceId} did not sign`);
  const newest = await getHead(transaction, { vnId: device.vnId });
  const isAhead = newest === null || firstBatchNo > newest.batchNo;
  demand(isAhead, "TERMS_INVALID", () => `firstBatchNo: batch ${newest?.batchNo} is anchored`);
  await noteFormerKey(transaction, device, firstBatchNo);
  state.put(keyOwnerAt(publicKeyHex), { deviceId });
  const rotated: Device = { ...device, publicKeyHex, revision: device.revision + 1 };
  putRevision(transaction, rotated);
  transaction.emit(CHAINCODE_EVENT.DEVICE_KEY_ROTATED, { deviceId, vnId: device.vnId });
  return rotated;
}
