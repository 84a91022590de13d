/** Shapes of the fields that several transactions share. */
import { HASH_BYTES, isDeviceId } from "@gridpact/proto";
import { EVENT_INTERVALS_MAX } from "@gridpact/settlement";
import { decimal, hex, list, object, type Shape, text, wholeNumber } from "./shape.ts";

/**
 * Ids become parts of state keys, which are joined by "/": their alphabet has none, so no two keys can collide. 128
 * characters hold a UUID with a prefix and a suffix.
 */
const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** Of contracts, events, claims and whatever else a client names; case matters. */
export const ID = text((value) => ID_PATTERN.test(value), "1 to 128 of A-Z a-z 0-9 . _ : -");

/** VN ids follow the rule of device ids: they are parts of account ids and certificate attributes in the same way. */
export const VN_ID = text(isDeviceId, "a VN id: 1 to 64 of a-z 0-9 -");

/** As in certificates and topics; see `isDeviceId`. */
export const DEVICE_ID = text(isDeviceId, "a device id: 1 to 64 of a-z 0-9 -");

/** Fabric's MSP ids: the alphabet that Fabric itself allows in a channel configuration. */
export const MSP_ID = text((value) => /^[A-Za-z0-9.-]{1,64}$/.test(value), "an MSP id");

/** SHA-256 in lower-case hex: upper case is refused, or one hash would have two texts. */
export const HASH_HEX = hex({ bytesMin: HASH_BYTES, bytesMax: HASH_BYTES });

/** Transaction ids of Fabric: SHA-256 in hex. */
export const TRANSACTION_ID = hex({ bytesMin: 32, bytesMax: 32 });

/** Net import may be negative where a connection point exports. */
export const NET_ENERGY_WH = decimal({ min: null });

/** From 0; what may be negative is `NET_ENERGY_WH`. Decimal text on the wire, at most 30 digits. */
export const ENERGY_WH = decimal({ min: 0n });

/** Micro-currency, or micro-currency per Wh. */
export const AMOUNT_MICRO = decimal({ min: 0n });

/** UTC milliseconds from 1970 on, a JSON number. */
export const UNIX_MS = wholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER });

/** Numbers of batches and revisions. */
export const COUNT = wholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER });

const INTERVAL = object({ startUnixMs: UNIX_MS, endUnixMs: UNIX_MS });

/** One value for each interval of a contract. */
export function perInterval<T>(item: Shape<T>): Shape<readonly T[]> {
  return list(item, { min: 1, max: EVENT_INTERVALS_MAX });
}

/** Only as many as an event may have; whether they follow each other is `checkSchedule`'s to say. */
export const INTERVALS = perInterval(INTERVAL);

/** Words of an operator that the ledger keeps for ever: enough for a sentence, too little for a document. */
export const REASON = text((value) => value.length >= 1 && value.length <= 200, "a text of 1 to 200 characters");
