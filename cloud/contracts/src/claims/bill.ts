import type { RegisterValues } from "@gridpact/settlement";
import { deviceAccount, vnAccount } from "../accounts/index.ts";
import { demand } from "../contract-error.ts";
import { EVIDENCE, meteredRegisters } from "../evidence/index.ts";
import { getProgramme, type Programme } from "../programmes/index.ts";
import { getDevice, stayNoOf } from "../registry/index.ts";
import {
  CHAINCODE_EVENT,
  DEVICE_ID,
  defineTransaction,
  ID,
  list,
  object,
  type Shaped,
  type Transaction,
  UNIX_MS,
  VN_ID,
} from "../transaction/index.ts";
import { raiseClaim } from "./claim.ts";
import { billedUntilAt, CLAIM, type Claim } from "./documents.ts";

/** By the node, by hand: no process of the host bills. What it bills need not be a calendar's month. */
export const BILL = defineTransaction({
  name: "claims:Bill",
  argument: object({
    claimId: ID,
    programmeId: ID,
    /** Who bills: the node that the device is with, or one that it was with for the whole span. */
    vnId: VN_ID,
    deviceId: DEVICE_ID,
    fromUnixMs: UNIX_MS,
    toUnixMs: UNIX_MS,
    dueUnixMs: UNIX_MS,
    /**
     * Signed registers at both ends, each in the batches of the node that took it: at a move what one node bills up to
     * may be in the other's.
     */
    evidence: list(object({ vnId: VN_ID, evidence: EVIDENCE }), { min: 1, max: 2 }),
  }),
  result: CLAIM,
});

type Bill = Shaped<typeof BILL.argument>;

/**
 * Bills a prosumer by the programme's tariff for what its registers say, import against export. The amount is not the
 * supplier's word: it follows from two signed readings. A node bills what a device metered while it was with it, also
 * after the device has moved on, and nothing of what it metered elsewhere.
 *
 * @throws ContractError ACCESS_NOT_OWNER, TERMS_INVALID, REGISTRY_DEVICE_UNKNOWN, CLAIM_FOREIGN_SPAN,
 *   CLAIM_ALREADY_BILLED, PROGRAMME_UNKNOWN, EVIDENCE_MISSING, CLAIM_NOTHING_OWED, CLAIM_EXISTS, or as `verifyEvidence`
 *   does
 */
export async function bill(transaction: Transaction, argument: Bill): Promise<Claim> {
  const { claimId, programmeId, vnId, deviceId, fromUnixMs, toUnixMs, dueUnixMs } = argument;
  transaction.authorise({ vnId });
  demand(fromUnixMs < toUnixMs && toUnixMs <= dueUnixMs, "TERMS_INVALID", () => "from, to and due must follow");
  await bookSpan(transaction, argument);
  const { tariff, graceMs } = await getProgramme(transaction, { programmeId });
  const amountMicro = await owedMicro(transaction, argument, tariff);
  demand(amountMicro > 0n, "CLAIM_NOTHING_OWED", () => `${amountMicro} micro`);
  const claim = await raiseClaim(transaction, {
    claimId,
    debtorId: deviceAccount(deviceId),
    creditorId: vnAccount(vnId),
    amountMicro,
    basis: "bill",
    dueUnixMs,
    suspendFromUnixMs: dueUnixMs + graceMs,
    state: "open",
  });
  transaction.emit(CHAINCODE_EVENT.CLAIM_RAISED, { claimId, debtorId: claim.debtorId });
  return claim;
}

/** Stays do not overlap, so what is billed in one of them is billed in no other. */
async function bookSpan(transaction: Transaction, { vnId, deviceId, fromUnixMs, toUnixMs }: Bill): Promise<void> {
  const { state } = transaction;
  const device = await getDevice(transaction, { deviceId });
  const stayNo = await stayNoOf(transaction, device, { vnId, fromUnixMs, toUnixMs });
  demand(stayNo !== undefined, "CLAIM_FOREIGN_SPAN", () => `${deviceId} was not with ${vnId} all the time`);
  const billed = billedUntilAt(deviceId, `${stayNo}`);
  const { untilUnixMs } = (await state.get(billed)) ?? { untilUnixMs: 0 };
  demand(fromUnixMs >= untilUnixMs, "CLAIM_ALREADY_BILLED", () => `${deviceId} until ${untilUnixMs}`);
  state.put(billed, { untilUnixMs: toUnixMs });
}

async function owedMicro(transaction: Transaction, argument: Bill, tariff: Programme["tariff"]): Promise<bigint> {
  const [start, end] = await registersAtEnds(transaction, argument);
  const isBounded = start != null && end != null;
  demand(isBounded, "EVIDENCE_MISSING", () => "a bill needs registers at both ends");
  const importWh = end.importWh - start.importWh;
  const exportWh = end.exportWh - start.exportWh;
  demand(importWh >= 0n && exportWh >= 0n, "EVIDENCE_MALFORMED", () => "a register ran backwards");
  return importWh * tariff.importMicroPerWh - exportWh * tariff.exportMicroPerWh;
}

/** Null where none of the nodes shows one. */
async function registersAtEnds(
  transaction: Transaction,
  { deviceId, fromUnixMs, toUnixMs, evidence }: Bill,
): Promise<(RegisterValues | null)[]> {
  const boundariesUnixMs = [fromUnixMs, toUnixMs];
  let shown: (RegisterValues | null)[] = boundariesUnixMs.map(() => null);
  for (const { vnId, evidence: own } of evidence) {
    const metered = await meteredRegisters(transaction, { vnId, deviceId, boundariesUnixMs }, own);
    shown = shown.map((known, index) => known ?? metered[index] ?? null);
  }
  return shown;
}
