import { consentSigningBytes, type SignatureVerifier, verifyZip215 } from "@gridpact/proto";
import { demand } from "../contract-error.ts";
import { privateHashHex } from "../transaction/index.ts";
import type { SupplyAgreement, SupplyCommitment } from "./documents.ts";

/**
 * Checks an agreement that a side opened, against what the channel knows: its hash, and the device's key. An auditor or
 * a judge of a dispute needs no peer, no collection and no trust in who shows it.
 *
 * @param publicKeyHex - The device's key at the time, `registry:GetDeviceRevision`
 * @throws ContractError SUPPLY_UNKNOWN when it is not what was agreed on, SUPPLY_CONSENT_UNPROVEN
 */
export function checkSupplyOpening(
  agreement: SupplyAgreement,
  commitment: Pick<SupplyCommitment, "hashHex">,
  publicKeyHex: string,
): void {
  const isOpened = privateHashHex(agreement) === commitment.hashHex;
  demand(isOpened, "SUPPLY_UNKNOWN", () => `the channel knows ${commitment.hashHex}`);
  checkSupplyConsent(agreement, publicKeyHex);
}

/** @throws ContractError SUPPLY_CONSENT_UNPROVEN */
export function checkSupplyConsent(
  { terms, signatureHex }: SupplyAgreement,
  publicKeyHex: string,
  verify: SignatureVerifier = verifyZip215,
): void {
  const message = consentSigningBytes(Buffer.from(privateHashHex(terms), "hex"));
  const isSigned = verify(Buffer.from(publicKeyHex, "hex"), message, Buffer.from(signatureHex, "hex"));
  demand(isSigned, "SUPPLY_CONSENT_UNPROVEN", () => `${terms.deviceId} did not sign these terms`);
}
