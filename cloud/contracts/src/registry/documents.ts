import { PUBLIC_KEY_BYTES } from "@gridpact/proto";
import {
  COUNT,
  collection,
  DEVICE_ID,
  hex,
  list,
  MSP_ID,
  nullable,
  object,
  oneOf,
  type Shaped,
  TRANSACTION_ID,
  UNIX_MS,
  VN_ID,
} from "../transaction/index.ts";

/** A virtual node that may enrol devices and take part in contracts. */
export const VIRTUAL_NODE = object({
  vnId: VN_ID,
  /** Organisation whose authority certifies the node and its devices. */
  mspId: MSP_ID,
});

/** Ed25519, 32 bytes in lower-case hex; whether it may be enrolled is `isEnrollableKey`'s to say. */
export const PUBLIC_KEY_HEX = hex({ bytesMin: PUBLIC_KEY_BYTES, bytesMax: PUBLIC_KEY_BYTES });

/** `released`: member of no node, on its way to another. `revoked`: for ever. */
export const DEVICE_STATE = oneOf(["active", "released", "revoked"]);

/** A device, its one key, and the virtual node that it belongs to. */
export const DEVICE = object({
  deviceId: DEVICE_ID,
  /** Ed25519; it signs readings, and the device's own transactions. */
  publicKeyHex: PUBLIC_KEY_HEX,
  vnId: VN_ID,
  mspId: MSP_ID,
  state: DEVICE_STATE,
  /** Number of the newest entry of the device's history, from 0. */
  revision: COUNT,
});

/** Keys that one device may go through at its nodes; it is replaced before. */
export const FORMER_KEYS_MAX = 16;

/** A key that a device signed readings with, and up to which batch of which node it counts; null for all of them. */
const FORMER_KEY = object({ publicKeyHex: PUBLIC_KEY_HEX, vnId: VN_ID, beforeBatchNo: nullable(COUNT) });

/** Keys that a device had before its present one, and those that it had when it left a node. */
export const FORMER_KEYS = object({ keys: list(FORMER_KEY, { min: 0, max: FORMER_KEYS_MAX }) });

/** What the registry said of a device from one transaction on. History is only ever appended to. */
export const DEVICE_REVISION = object({
  deviceId: DEVICE_ID,
  revision: COUNT,
  state: DEVICE_STATE,
  publicKeyHex: PUBLIC_KEY_HEX,
  transactionId: TRANSACTION_ID,
  /** As the client claimed it. */
  claimedAtUnixMs: UNIX_MS,
});

/** Where a device may be enrolled that its node has let go, and since when, as that node claimed it. */
const DEVICE_RELEASE = object({ toVnId: VN_ID, releasedAtUnixMs: UNIX_MS });

/** Stays that can still be billed; whoever has not billed one when its device has moved so often again does without. */
export const STAYS_MAX = 16;

const STAY = object({
  /** From 0, in order; never given twice. */
  stayNo: COUNT,
  vnId: VN_ID,
  fromUnixMs: UNIX_MS,
  /** On a full hour; not before `fromUnixMs`. */
  untilUnixMs: UNIX_MS,
});

/** Stays of a device at nodes that it has left, oldest first; it is with its present node since the last ended. */
const STAYS = object({ ended: list(STAY, { min: 1, max: STAYS_MAX }) });

/** Which device a key belongs to: no key serves two devices, or one meter could be sold twice. */
const KEY_OWNER = object({ deviceId: DEVICE_ID });

/** Registered once; there is no way to change or remove one. */
export type VirtualNode = Shaped<typeof VIRTUAL_NODE>;
/** `vnId` of a released device is still the node that let it go, until another enrols it. */
export type Device = Shaped<typeof DEVICE>;
/** `claimedAtUnixMs` proves nothing; `transactionId` leads to the block that does. */
export type DeviceRevision = Shaped<typeof DEVICE_REVISION>;
/** `[fromUnixMs, untilUnixMs)`; see `stays.ts`. */
export type Stay = Shaped<typeof STAY>;

/** By VN id. */
export const virtualNodeAt = collection("virtual-node", VIRTUAL_NODE);
/** By device id; the newest revision again, for those who need no history. */
export const deviceAt = collection("device", DEVICE);
/** By device, then revision. */
export const deviceRevisionAt = collection("device-revision", DEVICE_REVISION);
/** By device. Stays after the move, and is read only while the device is `released`. */
export const deviceReleaseAt = collection("device-release", DEVICE_RELEASE);
/** By device; absent for one that has had one key at one node. */
export const formerKeysAt = collection("former-keys", FORMER_KEYS);
/** By device; absent for one that has never changed its node. */
export const staysAt = collection("stays", STAYS);
/** By public key, hex; never removed, so a key that was once enrolled serves no other device. */
export const keyOwnerAt = collection("device-key", KEY_OWNER);
