import { deviceAccount, vnAccount } from "../accounts/index.ts";
import { demand } from "../contract-error.ts";
import { EVIDENCE, meteredRegisters } from "../evidence/index.ts";
import { getProgramme } from "../programmes/index.ts";
import { getDevice } from "../registry/index.ts";
import {
  CHAINCODE_EVENT,
  DEVICE_ID,
  defineTransaction,
  ID,
  object,
  type Shaped,
  type Transaction,
  UNIX_MS,
} from "../transaction/index.ts";
import { raiseClaim } from "./claim.ts";
import { billedUntilAt, CLAIM, type Claim } from "./documents.ts";

export const BILL = defineTransaction({
  name: "claims:Bill",
  argument: object({
    claimId: ID,
    programmeId: ID,
    deviceId: DEVICE_ID,
    fromUnixMs: UNIX_MS,
    toUnixMs: UNIX_MS,
    dueUnixMs: UNIX_MS,
    /** Signed registers at both ends. */
    evidence: EVIDENCE,
  }),
  result: CLAIM,
});

/**
 * Bills a prosumer by the programme's tariff for what its registers say, import against export. The amount is not the
 * supplier's word: it follows from two signed readings.
 *
 * @throws ContractError ACCESS_NOT_OWNER, REGISTRY_DEVICE_UNKNOWN, PROGRAMME_UNKNOWN, TERMS_INVALID,
 *   CLAIM_ALREADY_BILLED, EVIDENCE_MISSING, CLAIM_NOTHING_OWED, CLAIM_EXISTS, or as `verifyEvidence` does
 */
export async function bill(transaction: Transaction, argument: Shaped<typeof BILL.argument>): Promise<Claim> {
  const { claimId, programmeId, deviceId, fromUnixMs, toUnixMs, dueUnixMs } = argument;
  const { vnId } = await getDevice(transaction, { deviceId });
  transaction.authorise({ vnId });
  demand(fromUnixMs < toUnixMs && toUnixMs <= dueUnixMs, "TERMS_INVALID", () => "from, to and due must follow");
  await bookSpan(transaction, argument);
  const { tariff, graceMs } = await getProgramme(transaction, { programmeId });
  const amountMicro = await owedMicro(transaction, argument, { vnId, tariff });
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

async function bookSpan({ state }: Transaction, { deviceId, fromUnixMs, toUnixMs }: Shaped<typeof BILL.argument>) {
  const { untilUnixMs } = (await state.get(billedUntilAt(deviceId))) ?? { untilUnixMs: 0 };
  demand(fromUnixMs >= untilUnixMs, "CLAIM_ALREADY_BILLED", () => `${deviceId} until ${untilUnixMs}`);
  state.put(billedUntilAt(deviceId), { untilUnixMs: toUnixMs });
}

async function owedMicro(
  transaction: Transaction,
  { deviceId, fromUnixMs, toUnixMs, evidence }: Shaped<typeof BILL.argument>,
  { vnId, tariff }: { vnId: string; tariff: { importMicroPerWh: bigint; exportMicroPerWh: bigint } },
): Promise<bigint> {
  const source = { vnId, deviceId, boundariesUnixMs: [fromUnixMs, toUnixMs] };
  const [start, end] = await meteredRegisters(transaction, source, evidence);
  const isBounded = start != null && end != null;
  demand(isBounded, "EVIDENCE_MISSING", () => "a bill needs registers at both ends");
  const importWh = end.importWh - start.importWh;
  const exportWh = end.exportWh - start.exportWh;
  demand(importWh >= 0n && exportWh >= 0n, "EVIDENCE_MALFORMED", () => "a register ran backwards");
  return importWh * tariff.importMicroPerWh - exportWh * tariff.exportMicroPerWh;
}
