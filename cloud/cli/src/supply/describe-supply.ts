import type { SupplyAgreement } from "@gridpact/contracts";
import type { AgreedSupply } from "./agree-supply.ts";
import type { OpeningVerdict } from "./channel-supply.ts";
import type { SignedSupply } from "./sign-supply.ts";

/** What each command of `gridpact supply` came to, for people. */
export function describeSigned({ deviceId, revision, vnId, path, hashHex }: SignedSupply): string[] {
  return [
    `${path}: revision ${revision} of ${deviceId} with ${vnId}, signed by the device`,
    `  hash       ${hashHex}`,
    `  next       hand the file to the host of ${vnId}, for: gridpact supply agree`,
  ];
}

/** Ends with what the channel sees of it, as that is what a prosumer asks first. */
export function describeAgreed({ deviceId, revision, hashHex, blockNumber }: AgreedSupply): string[] {
  return [
    `${deviceId}, revision ${revision}: agreed in block ${blockNumber}`,
    `  hash       ${hashHex}`,
    "  channel    sees device, revision and hash, and nothing else of it",
  ];
}

/** Without the salt, which is for machines and gives the hash away. */
export function describeAgreement({ terms }: SupplyAgreement): string[] {
  const { deviceId, revision, vnId, tariff, nominatedWhPerIntervalMax, contact } = terms;
  return [
    `${deviceId}, revision ${revision}, with ${vnId}`,
    `  tariff     import ${tariff.importMicroPerWh}, export ${tariff.exportMicroPerWh} micro-currency per Wh`,
    `  nominated  at most ${nominatedWhPerIntervalMax} Wh in one market time unit`,
    `  contact    ${contact}`,
  ];
}

/** The reason is the contract's own. */
export function describeVerdict({ deviceId, revision, holds, reason, keyRevision }: OpeningVerdict): string[] {
  const subject = `revision ${revision} of ${deviceId}`;
  return holds
    ? [`holds: ${subject} is what the channel has the hash of, signed by the device's key ${keyRevision}`]
    : [`does not hold: ${reason}`];
}
