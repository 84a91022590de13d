import { deviceAccount, postTransfers } from "../accounts/index.ts";
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
import { getActiveDevice } from "../registry/index.ts";
import {
  CHAINCODE_EVENT,
  certifiedKeyHex,
  collection,
  defineTransaction,
  HASH_HEX,
  ID,
  object,
  type Shaped,
  type Transaction,
  text,
} from "../transaction/index.ts";

/** Terms of the longest event: 192 intervals with 4 numbers each. */
const TERMS_TEXT_CHARS_MAX = 65_536;

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

/**
 * The device accepts the terms by its own signature and locks its deposit. Its certificate must hold the very key that
 * is registered for its readings: the virtual node's authority could certify another key for the same device.
 *
 * Lateness is judged by the client's own clock, see `Transaction.claimedAtUnixMs`. A virtual node and a device that
 * both lie can accept late; they gain nothing that a different order would not have given them, because the baseline
 * was committed before, and an auditor sees the acceptance in a block after anchored readings of the interval.
 *
 * @throws ContractError SC2_UNKNOWN, ACCESS_NOT_OWNER, SC2_WRONG_STATE, SC2_TERMS_MISMATCH, SC2_LATE_ACCEPTANCE,
 *   REGISTRY_DEVICE_REVOKED, SC2_KEY_MISMATCH, SC2_INTERVAL_SOLD, ACCOUNT_INSUFFICIENT
 */
export async function acceptSc2(
  transaction: Transaction,
  { contractId, termsHashHex, termsText }: Shaped<typeof ACCEPT_SC2.argument>,
): Promise<Sc2> {
  const contract = await getSc2(transaction, contractId);
  const { terms } = contract;
  transaction.authorise(terms);
  demandSc2State(contract, "proposed");
  const isSameTerms = termsHashHex === contract.termsHashHex && sha256Hex(termsText) === termsHashHex;
  demand(isSameTerms, "SC2_TERMS_MISMATCH", () => `${contractId} has the terms ${contract.termsHashHex}`);
  const isInTime = transaction.claimedAtUnixMs < startOf(terms);
  demand(isInTime, "SC2_LATE_ACCEPTANCE", () => `${contractId} began at ${startOf(terms)}`);
  const device = await getActiveDevice(transaction, terms.deviceId);
  const isOwnKey = certifiedKeyHex(transaction.caller) === device.publicKeyHex;
  demand(isOwnKey, "SC2_KEY_MISMATCH", () => `the certificate holds another key than ${terms.deviceId} has`);
  await sellIntervals(transaction, terms);
  await postTransfers(transaction, [lock(contractId, deviceAccount(terms.deviceId), terms.penaltyCapMicro)]);
  const accepted: Sc2 = { ...contract, state: "accepted", heldMicro: contract.heldMicro + terms.penaltyCapMicro };
  transaction.state.put(sc2At(contractId), accepted);
  transaction.emit(CHAINCODE_EVENT.SC2_ACCEPTED, { contractId, deviceId: terms.deviceId });
  return accepted;
}

/** Intervals with nothing ordered are not sold: a replacement may come in for just those. */
async function sellIntervals({ state }: Transaction, terms: Sc2Terms): Promise<void> {
  const { contractId, deviceId, intervals, orderedWh } = terms;
  for (const [index, { startUnixMs }] of intervals.entries()) {
    if (orderedWh[index] === 0n) continue;
    const sold = soldIntervalAt(deviceId, `${startUnixMs}`);
    const buyer = await state.get(sold);
    demand(buyer === undefined, "SC2_INTERVAL_SOLD", () => `${startUnixMs} of ${deviceId} to ${buyer?.contractId}`);
    state.put(sold, { contractId });
  }
}
