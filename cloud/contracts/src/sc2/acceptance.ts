import { consentSigningBytes, SIGNATURE_BYTES, type SignatureVerifier } from "@gridpact/proto";
import { deviceAccount, postTransfers, type Transfer } from "../accounts/index.ts";
import {
  demandSc2State,
  getSc2,
  lock,
  SC2,
  type Sc2,
  type Sc2Terms,
  sc2At,
  sha256Hex,
  startOf,
} from "../agreement/index.ts";
import { demand } from "../contract-error.ts";
import { type Device, getActiveDevice } from "../registry/index.ts";
import { demandGoodStanding } from "../standing/index.ts";
import { isBefore } from "../time/index.ts";
import {
  CHAINCODE_EVENT,
  certifiedKeyHex,
  collection,
  defineTransaction,
  HASH_HEX,
  hex,
  ID,
  list,
  object,
  type Shaped,
  type Transaction,
  text,
} from "../transaction/index.ts";
import { SC2_BATCH_MAX, SC2_STATUSES } from "./batch.ts";

/** Terms of the longest event: 192 intervals with 4 numbers each. */
const TERMS_TEXT_CHARS_MAX = 65_536;

/** By the device: the node carries the proposal, the device signs it (`edge/src/consent`). */
export const ACCEPT_SC2 = defineTransaction({
  name: "sc2:AcceptReduction",
  argument: object({
    contractId: ID,
    termsHashHex: HASH_HEX,
    /** Canonical JSON of the terms. The device signs the proposal, so it sees, and signs for, every number. */
    termsText: text((value) => value.length <= TERMS_TEXT_CHARS_MAX, `at most ${TERMS_TEXT_CHARS_MAX} characters`),
  }),
  result: SC2,
});

/** Which contract a device's interval is sold to. It is never freed: one metered change is paid once. */
const soldIntervalAt = collection("sold", object({ contractId: ID }));

/** By the node (`consent-batches.ts`), for devices that signed the hash of the terms. */
export const ACCEPT_SC2_BATCH = defineTransaction({
  name: "sc2:AcceptReductionBatch",
  argument: object({
    consents: list(
      object({
        contractId: ID,
        /** The device's signature over `consentSigningBytes` of the hash of the terms. */
        signatureHex: hex({ bytesMin: SIGNATURE_BYTES, bytesMax: SIGNATURE_BYTES }),
      }),
      { min: 1, max: SC2_BATCH_MAX },
    ),
  }),
  result: SC2_STATUSES,
});

/**
 * The device accepts the terms by its own transaction and locks its deposit. Its certificate must hold the very key
 * that is registered for its readings: the virtual node's authority could certify another key for the same device.
 *
 * @throws ContractError SC2_UNKNOWN, ACCESS_NOT_OWNER, SC2_WRONG_STATE, SC2_TERMS_MISMATCH, SC2_LATE_ACCEPTANCE,
 *   PARTY_SUSPENDED, REGISTRY_DEVICE_REVOKED, SC2_KEY_MISMATCH, SC2_INTERVAL_SOLD, ACCOUNT_INSUFFICIENT
 */
export async function acceptSc2(
  transaction: Transaction,
  { contractId, termsHashHex, termsText }: Shaped<typeof ACCEPT_SC2.argument>,
): Promise<Sc2> {
  const contract = await getSc2(transaction, contractId);
  transaction.authorise(contract.terms);
  demandSc2State(contract, "proposed");
  const isSameTerms = termsHashHex === contract.termsHashHex && sha256Hex(termsText) === termsHashHex;
  demand(isSameTerms, "SC2_TERMS_MISMATCH", () => `${contractId} has the terms ${contract.termsHashHex}`);
  const accepted = await accept(transaction, contract, (device) => {
    const isOwnKey = certifiedKeyHex(transaction.caller) === device.publicKeyHex;
    demand(isOwnKey, "SC2_KEY_MISMATCH", () => `the certificate holds another key than ${device.deviceId} has`);
  });
  await postTransfers(transaction, [depositOf(accepted)]);
  transaction.emit(CHAINCODE_EVENT.SC2_ACCEPTED, { contractId, deviceId: contract.terms.deviceId });
  return accepted;
}

/**
 * Devices accept without being there: the virtual node hands in what they signed, many at once, and the signatures
 * alone bind them. A device of which one signature does not hold refuses all, so a node checks them before.
 *
 * @throws ContractError SC2_CONSENT_UNPROVEN for a signature that does not hold, or as `acceptSc2` does
 */
export async function acceptSc2Batch(
  transaction: Transaction,
  { consents }: Shaped<typeof ACCEPT_SC2_BATCH.argument>,
): Promise<Shaped<typeof SC2_STATUSES>> {
  const accepted: Sc2[] = [];
  for (const { contractId, signatureHex } of consents) {
    const contract = await getSc2(transaction, contractId);
    transaction.authorise({ vnId: contract.vnId });
    demandSc2State(contract, "proposed");
    const check = (device: Device) =>
      checkConsent(device, contract, { signatureHex, verify: transaction.verifySignature });
    accepted.push(await accept(transaction, contract, check));
  }
  await postTransfers(transaction, accepted.map(depositOf));
  const contracts = accepted.map(({ terms, state }) => ({ contractId: terms.contractId, state }));
  transaction.emit(CHAINCODE_EVENT.SC2_ACCEPTED_BATCH, { contracts });
  return { contracts };
}

/**
 * It is too late when the channel believes that the contract began, or when the client says so itself. A virtual node
 * and a device that both lie before anyone has attested it gain nothing that a different order would not have given
 * them, because the baseline was committed before.
 */
async function accept(transaction: Transaction, contract: Sc2, checkSignature: (device: Device) => void): Promise<Sc2> {
  const { terms } = contract;
  const isInTime = await isBefore(transaction, startOf(terms));
  demand(isInTime, "SC2_LATE_ACCEPTANCE", () => `${terms.contractId} began at ${startOf(terms)}`);
  await demandGoodStanding(transaction, deviceAccount(terms.deviceId));
  checkSignature(await getActiveDevice(transaction, terms.deviceId));
  await sellIntervals(transaction, terms, terms.orderedWh);
  const accepted: Sc2 = { ...contract, state: "accepted", heldMicro: contract.heldMicro + terms.penaltyCapMicro };
  transaction.state.put(sc2At(terms.contractId), accepted);
  return accepted;
}

function depositOf({ terms: { contractId, deviceId, penaltyCapMicro } }: Sc2): Transfer {
  return lock(contractId, deviceAccount(deviceId), penaltyCapMicro);
}

function checkConsent(
  { publicKeyHex, deviceId }: Device,
  { termsHashHex }: Sc2,
  { signatureHex, verify }: { signatureHex: string; verify: SignatureVerifier },
): void {
  const message = consentSigningBytes(Buffer.from(termsHashHex, "hex"));
  const isSigned = verify(Buffer.from(publicKeyHex, "hex"), message, Buffer.from(signatureHex, "hex"));
  demand(isSigned, "SC2_CONSENT_UNPROVEN", () => `${deviceId} did not sign ${termsHashHex}`);
}

/**
 * Intervals with nothing ordered are not sold: a replacement may come in for just those.
 *
 * @throws ContractError SC2_INTERVAL_SOLD
 */
export async function sellIntervals(
  { state }: Transaction,
  { contractId, deviceId, intervals }: Pick<Sc2Terms, "contractId" | "deviceId" | "intervals">,
  orderedWh: readonly bigint[],
): Promise<void> {
  for (const [index, { startUnixMs }] of intervals.entries()) {
    if (orderedWh[index] === 0n) continue;
    const sold = soldIntervalAt(deviceId, `${startUnixMs}`);
    const buyer = await state.get(sold);
    demand(buyer === undefined, "SC2_INTERVAL_SOLD", () => `${startUnixMs} of ${deviceId} to ${buyer?.contractId}`);
    state.put(sold, { contractId });
  }
}
