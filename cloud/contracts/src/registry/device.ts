import {
  DecodeError,
  decode,
  ENVELOPE_LIMITS,
  type EnrolmentRequest,
  enrolmentSigningBytes,
  isEnrollableKey,
  type SignatureVerifier,
} from "@gridpact/proto";
import { ContractError, demand } from "../contract-error.ts";
import {
  CHAINCODE_EVENT,
  COUNT,
  DEVICE_ID,
  defineTransaction,
  hex,
  MSP_ID,
  object,
  REASON,
  type Shaped,
  type Transaction,
  VN_ID,
} from "../transaction/index.ts";
import {
  DEVICE,
  DEVICE_REVISION,
  type Device,
  type DeviceRevision,
  deviceAt,
  deviceReleaseAt,
  deviceRevisionAt,
  keyOwnerAt,
  PUBLIC_KEY_HEX,
} from "./documents.ts";
import { endStay } from "./stays.ts";
import { getVirtualNode } from "./virtual-node.ts";

/** What proves a key to be a device's own; a change of the key brings the same three. */
export const ENROLMENT_FIELDS = {
  deviceId: DEVICE_ID,
  publicKeyHex: PUBLIC_KEY_HEX,
  /** The device's EnrolmentRequest as received: protobuf with its proof of possession. */
  enrolmentRequestHex: hex({ bytesMin: 1, bytesMax: ENVELOPE_LIMITS.bytesMax }),
};

/** `mspId` MUST be the caller's own organisation. */
export const ENROL_DEVICE = defineTransaction({
  name: "registry:EnrolDevice",
  argument: object({ ...ENROLMENT_FIELDS, vnId: VN_ID, mspId: MSP_ID }),
  result: DEVICE,
});

/** By its node or an administrator; there is no way back, not even by enrolment. */
export const REVOKE_DEVICE = defineTransaction({
  name: "registry:RevokeDevice",
  argument: object({ deviceId: DEVICE_ID, reason: REASON }),
  result: DEVICE,
});

/** Answers for a revoked or released device, too: look at `state`. */
export const GET_DEVICE = defineTransaction({
  name: "registry:GetDevice",
  argument: object({ deviceId: DEVICE_ID }),
  result: DEVICE,
});

/** Revision 0 is the first enrolment. */
export const GET_DEVICE_REVISION = defineTransaction({
  name: "registry:GetDeviceRevision",
  argument: object({ deviceId: DEVICE_ID, revision: COUNT }),
  result: DEVICE_REVISION,
});

/**
 * Enrols a device that proved possession of its key: a new one, or one that its node has released to the caller's. The
 * proof is checked here again, so that a virtual node cannot enrol a device that never asked, and on every peer,
 * so that it need not be believed.
 *
 * @throws ContractError ACCESS_NOT_OWNER, REGISTRY_VN_UNKNOWN, REGISTRY_REQUEST_MISMATCH, REGISTRY_DEVICE_EXISTS,
 *   TIME_IN_FUTURE, REGISTRY_KEY_IN_USE, REGISTRY_KEY_REFUSED, REGISTRY_POSSESSION_UNPROVEN
 */
export async function enrolDevice(
  transaction: Transaction,
  enrolment: Shaped<typeof ENROL_DEVICE.argument>,
): Promise<Device> {
  const { deviceId, publicKeyHex, vnId, mspId } = enrolment;
  const { state, caller } = transaction;
  transaction.authorise({ vnId });
  demand(mspId === caller.mspId, "REGISTRY_REQUEST_MISMATCH", () => `${caller.mspId} cannot certify for ${mspId}`);
  await getVirtualNode(transaction, { vnId });
  const known = await state.get(deviceAt(deviceId));
  if (known === undefined) {
    demand((await state.get(keyOwnerAt(publicKeyHex))) === undefined, "REGISTRY_KEY_IN_USE", () => publicKeyHex);
  } else {
    await demandReleasedTo(transaction, known, enrolment);
    if (vnId !== known.vnId) await endStay(transaction, known);
  }
  checkPossession(enrolment, transaction.verifySignature);
  const revision = known === undefined ? 0 : known.revision + 1;
  const device: Device = { deviceId, publicKeyHex, vnId, mspId, state: "active", revision };
  putRevision(transaction, device);
  state.put(keyOwnerAt(publicKeyHex), { deviceId });
  transaction.emit(CHAINCODE_EVENT.DEVICE_ENROLLED, { deviceId, vnId });
  return device;
}

/** Its node may take it back as long as no other has it; with another key it would be another device. */
async function demandReleasedTo(
  { state }: Transaction,
  known: Device,
  { vnId, publicKeyHex }: Pick<Device, "vnId" | "publicKeyHex">,
): Promise<void> {
  const { deviceId } = known;
  const isSameKey = known.publicKeyHex === publicKeyHex;
  demand(known.state === "released" && isSameKey, "REGISTRY_DEVICE_EXISTS", () => deviceId);
  const toVnId = (await state.get(deviceReleaseAt(deviceId)))?.toVnId;
  demand(
    vnId === toVnId || vnId === known.vnId,
    "REGISTRY_DEVICE_EXISTS",
    () => `${deviceId} is released to ${toVnId}`,
  );
}

/**
 * Ends a device's key: no new contract may be set up or accepted with it. What it signed for contracts it accepted
 * before still counts, or a virtual node could revoke a device instead of paying it.
 *
 * @throws ContractError REGISTRY_DEVICE_UNKNOWN, ACCESS_NOT_OWNER, REGISTRY_DEVICE_REVOKED
 */
export async function revokeDevice(
  transaction: Transaction,
  { deviceId, reason }: { deviceId: string; reason: string },
): Promise<Device> {
  const device = await getDevice(transaction, { deviceId });
  transaction.authorise(device);
  demand(device.state !== "revoked", "REGISTRY_DEVICE_REVOKED", () => deviceId);
  const revoked: Device = { ...device, state: "revoked", revision: device.revision + 1 };
  putRevision(transaction, revoked);
  transaction.emit(CHAINCODE_EVENT.DEVICE_REVOKED, { deviceId, vnId: device.vnId, reason });
  return revoked;
}

/** @throws ContractError REGISTRY_DEVICE_UNKNOWN */
export async function getDevice({ state }: Transaction, { deviceId }: { deviceId: string }): Promise<Device> {
  const device = await state.get(deviceAt(deviceId));
  demand(device !== undefined, "REGISTRY_DEVICE_UNKNOWN", () => deviceId);
  return device;
}

/** @throws ContractError REGISTRY_DEVICE_UNKNOWN, REGISTRY_DEVICE_REVOKED, REGISTRY_DEVICE_RELEASED */
export async function getActiveDevice(transaction: Transaction, deviceId: string): Promise<Device> {
  const device = await getDevice(transaction, { deviceId });
  demand(device.state !== "revoked", "REGISTRY_DEVICE_REVOKED", () => deviceId);
  demand(device.state !== "released", "REGISTRY_DEVICE_RELEASED", () => deviceId);
  return device;
}

/**
 * One entry of a device's history.
 *
 * @throws ContractError REGISTRY_DEVICE_UNKNOWN
 */
export async function getDeviceRevision(
  { state }: Transaction,
  { deviceId, revision }: { deviceId: string; revision: number },
): Promise<DeviceRevision> {
  const found = await state.get(deviceRevisionAt(deviceId, `${revision}`));
  demand(found !== undefined, "REGISTRY_DEVICE_UNKNOWN", () => `${deviceId} has no revision ${revision}`);
  return found;
}

/** Writes device and history together. `device.revision` MUST be one more than before, 0 for a new one. */
export function putRevision({ state, id, claimedAtUnixMs }: Transaction, device: Device): void {
  const { deviceId, revision, state: deviceState, publicKeyHex } = device;
  state.put(deviceAt(deviceId), device);
  state.put(deviceRevisionAt(deviceId, `${revision}`), {
    deviceId,
    revision,
    state: deviceState,
    publicKeyHex,
    transactionId: id,
    claimedAtUnixMs,
  });
}

/**
 * @throws ContractError REGISTRY_REQUEST_MISMATCH, REGISTRY_KEY_REFUSED, REGISTRY_POSSESSION_UNPROVEN unless the key
 *   signed the request itself
 */
export function checkPossession(
  enrolment: Pick<Shaped<typeof ENROL_DEVICE.argument>, "deviceId" | "publicKeyHex" | "enrolmentRequestHex">,
  verify: SignatureVerifier,
): void {
  const publicKey = Buffer.from(enrolment.publicKeyHex, "hex");
  const { resources: _, proofOfPossession, ...request } = decodeRequest(enrolment.enrolmentRequestHex);
  const isSameDevice = request.deviceId === enrolment.deviceId && publicKey.equals(request.publicKey);
  demand(isSameDevice, "REGISTRY_REQUEST_MISMATCH", () => "the request names another device or key");
  demand(isEnrollableKey(publicKey), "REGISTRY_KEY_REFUSED", () => "small order, torsion or no curve point");
  const isProven = verify(publicKey, enrolmentSigningBytes(request), proofOfPossession);
  demand(isProven, "REGISTRY_POSSESSION_UNPROVEN", () => enrolment.deviceId);
}

function decodeRequest(requestHex: string): EnrolmentRequest {
  try {
    return decode("EnrolmentRequest", Buffer.from(requestHex, "hex"));
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw new ContractError("REGISTRY_REQUEST_MISMATCH", cause.message, { cause });
  }
}
