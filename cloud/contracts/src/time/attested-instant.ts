/**
 * Time on the ledger. A contract has no clock, and a client's timestamp may lie [CVE-2024-45244]. What several
 * organisations say about time can be counted instead: each attests that an instant has passed, and an instant counts
 * as passed when two have said so, one of them neutral, that is neither payer nor payee of any contract here.
 *
 *      10:00 attested by AggregatorMSP ----.
 *      10:00 attested by DsoMSP -----------+--> 10:00 has passed
 *
 * An attestation has a key of its own for each instant and organisation, written once. So nothing conflicts with it but
 * a transaction that rests on that very instant not having passed, and nobody can turn time back.
 */
import { demand } from "../contract-error.ts";
import {
  CHAINCODE_EVENT,
  collection,
  defineTransaction,
  FLAG,
  list,
  MSP_ID,
  object,
  type Shaped,
  type Transaction,
  UNIX_MS,
} from "../transaction/index.ts";

/** Organisations whose word on time counts; the neutral ones have no money at stake. */
const PARTY_MSP_IDS = ["AggregatorMSP", "VnMSP"] as const;
const NEUTRAL_MSP_IDS = ["DsoMSP", "AuditorMSP"] as const;

/** One organisation may be wrong or lie; two that agree, one of them neutral, are what the channel believes. */
const ATTESTATIONS_MIN = 2;

const ATTESTATION = object({ instantUnixMs: UNIX_MS, mspId: MSP_ID });

const attestationAt = collection("passed", ATTESTATION);

/** By each organisation's timekeeper, for the instants of `contractInstants`. */
export const ATTEST_INSTANT = defineTransaction({
  name: "time:AttestInstant",
  argument: object({ instantUnixMs: UNIX_MS }),
  result: ATTESTATION,
});

/** `hasPassed` false says that it was not shown yet, not that it lies ahead. */
export const GET_INSTANT = defineTransaction({
  name: "time:GetInstant",
  argument: object({ instantUnixMs: UNIX_MS }),
  result: object({
    instantUnixMs: UNIX_MS,
    mspIds: list(MSP_ID, { min: 0, max: PARTY_MSP_IDS.length + NEUTRAL_MSP_IDS.length }),
    hasPassed: FLAG,
  }),
});

/**
 * The caller's organisation says that an instant has passed; saying it again changes nothing.
 *
 * @throws ContractError TIME_IN_FUTURE when even the caller's own timestamp is before the instant
 */
export async function attestInstant(
  transaction: Transaction,
  { instantUnixMs }: { instantUnixMs: number },
): Promise<Shaped<typeof ATTESTATION>> {
  const { caller, claimedAtUnixMs, state } = transaction;
  demand(claimedAtUnixMs >= instantUnixMs, "TIME_IN_FUTURE", () => `${instantUnixMs} is after ${claimedAtUnixMs}`);
  const attestation = { instantUnixMs, mspId: caller.mspId };
  state.put(attestationAt(`${instantUnixMs}`, caller.mspId), attestation);
  transaction.emit(CHAINCODE_EVENT.INSTANT_ATTESTED, attestation);
  return attestation;
}

/** @returns the organisations in a fixed order, whoever attested first */
export async function readInstant(
  transaction: Transaction,
  { instantUnixMs }: { instantUnixMs: number },
): Promise<Shaped<typeof GET_INSTANT.result>> {
  const mspIds = await attestingMspIds(transaction, instantUnixMs);
  return { instantUnixMs, mspIds, hasPassed: isEnough(mspIds) };
}

/** Whether the channel believes that an instant has passed. False means only that nobody has shown it yet. */
export async function hasPassed(transaction: Transaction, instantUnixMs: number): Promise<boolean> {
  return isEnough(await attestingMspIds(transaction, instantUnixMs));
}

/**
 * Whether it is still before an instant: neither has the channel seen it pass, nor does the caller itself say so. The
 * caller's word is taken against it, never for it.
 */
export async function isBefore(transaction: Transaction, instantUnixMs: number): Promise<boolean> {
  return transaction.claimedAtUnixMs < instantUnixMs && !(await hasPassed(transaction, instantUnixMs));
}

/**
 * Whether it is still before the first of these instants, which MUST rise. One that passed says that all before it
 * have, also where nobody attested those.
 */
export async function isBeforeAll(transaction: Transaction, instantsUnixMs: readonly number[]): Promise<boolean> {
  for (const instantUnixMs of instantsUnixMs) {
    if (!(await isBefore(transaction, instantUnixMs))) return false;
  }
  return true;
}

async function attestingMspIds({ state }: Transaction, instantUnixMs: number): Promise<string[]> {
  const found: string[] = [];
  for (const mspId of [...PARTY_MSP_IDS, ...NEUTRAL_MSP_IDS]) {
    if ((await state.get(attestationAt(`${instantUnixMs}`, mspId))) !== undefined) found.push(mspId);
  }
  return found;
}

function isEnough(mspIds: readonly string[]): boolean {
  return mspIds.length >= ATTESTATIONS_MIN && NEUTRAL_MSP_IDS.some((mspId) => mspIds.includes(mspId));
}
