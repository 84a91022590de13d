import { SIGNATURE_BYTES } from "@gridpact/proto";
import {
  AMOUNT_MICRO,
  COUNT,
  type CollectionDefinition,
  DEVICE_ID,
  ENERGY_WH,
  HASH_HEX,
  hex,
  object,
  type PrivateDocument,
  type Shaped,
  text,
  VN_ID,
} from "../transaction/index.ts";

/** 256 bits: nobody finds the tariff behind a hash by trying tariffs. */
const SALT_BYTES = 32;

/** An address or a telephone number with a name; a dossier has no place on a ledger, not even a private one. */
const CONTACT_CHARS_MAX = 200;

/**
 * What a virtual node and one of its prosumers agree on beside single requests: personal and commercial, so the channel
 * learns no more than its hash.
 */
export const SUPPLY_TERMS = object({
  vnId: VN_ID,
  deviceId: DEVICE_ID,
  /** 0 for the first agreement; each later one takes the place of the one before. */
  revision: COUNT,
  /** Random; without it the hash would give away what it hides. */
  saltHex: hex({ bytesMin: SALT_BYTES, bytesMax: SALT_BYTES }),
  /** What this prosumer pays for energy and is paid for export, micro-currency per Wh. */
  tariff: object({ importMicroPerWh: AMOUNT_MICRO, exportMicroPerWh: AMOUNT_MICRO }),
  /** What it is willing to go without in one market time unit, Wh. */
  nominatedWhPerIntervalMax: ENERGY_WH,
  /** How it wants to be reached. */
  contact: text((value) => value.length <= CONTACT_CHARS_MAX, `at most ${CONTACT_CHARS_MAX} characters`),
});

/** An agreement as it is kept, and as it is opened to whoever has to judge. */
export const SUPPLY_AGREEMENT = object({
  terms: SUPPLY_TERMS,
  /** The device's signature over `consentSigningBytes` of the hash of the terms. */
  signatureHex: hex({ bytesMin: SIGNATURE_BYTES, bytesMax: SIGNATURE_BYTES }),
});

/** What the whole channel may know of an agreement. */
export const SUPPLY_COMMITMENT = object({
  deviceId: DEVICE_ID,
  revision: COUNT,
  /** SHA-256 of the canonical JSON of the agreement, salt included. */
  hashHex: HASH_HEX,
});

/** Micro-currency per Wh, Wh per market time unit; `revision` counts from 0. */
export type SupplyTerms = Shaped<typeof SUPPLY_TERMS>;
/** Lies in the collection; MUST NOT be repeated in an argument, result or event. */
export type SupplyAgreement = Shaped<typeof SUPPLY_AGREEMENT>;
/** Says that there is an agreement and which it is, and nothing of what is in it. */
export type SupplyCommitment = Shaped<typeof SUPPLY_COMMITMENT>;

/**
 * Virtual nodes' peers have the values, and the auditor's where it runs one. One of them endorses: a peer that endorses
 * sees what it endorses, and the aggregator's must not. What keeps a node honest is the device's signature inside.
 */
export const SUPPLY_COLLECTION: CollectionDefinition = {
  name: "supply",
  memberMspIds: ["VnMSP", "AuditorMSP"],
  endorsement: { mspIds: ["VnMSP", "AuditorMSP"], organisationsMin: 1 },
};

/** The key is readable for members only; the channel sees its hash. */
export function supplyAgreementAt({
  deviceId,
  revision,
}: {
  readonly deviceId: string;
  readonly revision: number;
}): PrivateDocument<SupplyAgreement> {
  return { collection: SUPPLY_COLLECTION.name, key: `agreement/${deviceId}/${revision}`, shape: SUPPLY_AGREEMENT };
}
