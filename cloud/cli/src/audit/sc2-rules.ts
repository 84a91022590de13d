/** What the transactions of SC2 have to write: every settlement computed again from the evidence in its transaction. */
import { createHash } from "node:crypto";
import {
  deviceAccount,
  type Evidence,
  readResult,
  type Sc2,
  type Sc2Terms,
  type Transfer,
  termsHash,
  verifyEvidence,
  vnAccount,
} from "@gridpact/contracts";
import {
  canonicalJson,
  fundsFor,
  intervalBoundaries,
  type JsonValue,
  netImportWh,
  type SettlementTerms,
  settle,
} from "@gridpact/settlement";
import { AuditRuleError, demandSame } from "./audit-rule.ts";
import { argumentOf, type Effects, effects, giveBack, lock, type RuleInput } from "./effects.ts";

/** Terms of a contract as the settlement rules take them. */
export function pricesOf(terms: Omit<SettlementTerms, "direction">): SettlementTerms {
  const { priceMicroPerWh, penaltyMicroPerWh, penaltyCapMicro } = terms;
  return { direction: "reduce", priceMicroPerWh, penaltyMicroPerWh, penaltyCapMicro };
}

export function setUpSc2(input: RuleInput): Effects {
  return propose([argumentOf<JsonValue>(input)], input);
}

export function setUpSc2Batch(input: RuleInput): Effects {
  return propose(argumentOf<{ contracts: JsonValue[] }>(input).contracts, input);
}

function propose(contracts: readonly JsonValue[], input: RuleInput): Effects {
  const documents: [string, unknown][] = [];
  const transfers: Transfer[] = [];
  const members = new Map<string, string[]>();
  for (const argument of contracts) {
    const { terms } = readResult("sc2:GetContract", { ...EMPTY_SC2, terms: argument });
    const { contractId, sc1Id, orderedWh } = terms;
    const { vnId } = checkAgainstSc1(terms, input);
    if (input.state.text(`sc2/${contractId}`) !== undefined) {
      throw new AuditRuleError(`sc2/${contractId}`, "new", "there already");
    }
    const { escrowMicro: heldMicro } = fundsFor(pricesOf(terms), orderedWh);
    const opened = { terms, termsHashHex: termsHash(terms), vnId, state: "proposed", heldMicro };
    documents.push([`sc2/${contractId}`, { ...opened, evidenceHashHex: null, settlement: null }]);
    transfers.push(lock(contractId, vnAccount(vnId), heldMicro));
    members.set(sc1Id, [...(members.get(sc1Id) ?? input.state.membersOf(sc1Id)), contractId]);
  }
  for (const [sc1Id, sc2ContractIds] of members) documents.push([`sc1-members/${sc1Id}`, { sc2ContractIds }]);
  return effects(documents, transfers);
}

const EMPTY_SC2 = {
  termsHashHex: "00".repeat(32),
  vnId: "none",
  state: "proposed",
  heldMicro: "0",
  evidenceHashHex: null,
  settlement: null,
};

/** The baseline is the one committed before the event, for the intervals that the contract has of it. */
function checkAgainstSc1(terms: Sc2Terms, { state }: RuleInput): { vnId: string } {
  const { sc1Id, deviceId, intervals, contractId } = terms;
  const sc1 = state.sc1(sc1Id);
  demandSame(`sc1/${sc1Id}: state`, "accepted", sc1.state);
  const first = sc1.terms.intervals.findIndex(({ startUnixMs }) => startUnixMs === intervals[0]?.startUnixMs);
  const run = sc1.terms.intervals.slice(Math.max(0, first), first + intervals.length);
  demandSame(`sc2/${contractId}: intervals`, canonicalJson(run), canonicalJson(intervals));
  const committed = state.json<{ baselineWh: string[] }>(`baseline/${sc1Id}/${deviceId}`)?.baselineWh ?? [];
  const slice = committed.slice(first, first + intervals.length);
  demandSame(`sc2/${contractId}: baselineWh`, canonicalJson(slice), canonicalJson(terms.baselineWh));
  return { vnId: sc1.terms.vnId };
}

/** By the device's own signature, over the hash of the terms; no interval is sold twice. */
export function acceptSc2(input: RuleInput): Effects {
  const { contractId, termsHashHex, termsText } = argumentOf<Record<string, string>>(input);
  const contract = input.state.sc2(contractId ?? "");
  const { terms } = contract;
  const { deviceId, intervals, orderedWh, penaltyCapMicro } = terms;
  demandSame(`sc2/${contractId}: state`, "proposed", contract.state);
  demandSame(`sc2/${contractId}: accepted by`, deviceId, input.transaction.creatorName);
  demandSame(`sc2/${contractId}: termsHashHex`, termsHash(terms), termsHashHex ?? "");
  demandSame(`sc2/${contractId}: termsText`, canonicalJson(terms), termsText ?? "");
  const sold = intervals
    .filter((_, index) => orderedWh[index] !== 0n)
    .map(({ startUnixMs }) => [`sold/${deviceId}/${startUnixMs}`, { contractId }] as const);
  for (const [key] of sold) demandSame(key, "unsold", input.state.text(key) ?? "unsold");
  const heldMicro = contract.heldMicro + penaltyCapMicro;
  return effects(
    [[`sc2/${contractId}`, { ...contract, state: "accepted", heldMicro }], ...sold],
    [lock(terms.contractId, deviceAccount(deviceId), penaltyCapMicro)],
  );
}

type Settlement = { contractId: string; evidence: Evidence | null };

export function settleSc2(input: RuleInput): Effects {
  return settleAll([argumentOf<Settlement>(input)], input);
}

export function settleSc2Batch(input: RuleInput): Effects {
  return settleAll(argumentOf<{ settlements: Settlement[] }>(input).settlements, input);
}

function settleAll(settlements: readonly Settlement[], input: RuleInput): Effects {
  const documents: [string, unknown][] = [];
  const transfers: Transfer[] = [];
  for (const { contractId, evidence } of settlements) {
    const contract = input.state.sc2(contractId);
    const { vnId, heldMicro } = contract;
    if (contract.state === "proposed") {
      documents.push([`sc2/${contractId}`, { ...contract, state: "expired", heldMicro: 0n }]);
      transfers.push(giveBack(contractId, vnAccount(vnId), heldMicro));
      continue;
    }
    demandSame(`sc2/${contractId}: state`, "accepted", contract.state);
    const evidenceHashHex = createHash("sha256").update(canonicalJson(evidence)).digest("hex");
    const settlement = settlementOf(contract, evidence, input);
    documents.push([`sc2/${contractId}`, { ...contract, state: "settled", evidenceHashHex, settlement }]);
  }
  return effects(documents, transfers);
}

/** Signatures, inclusion in anchored batches, registers, energy and money, all from the evidence itself. */
function settlementOf({ terms, vnId }: Sc2, evidence: Evidence | null, { state }: RuleInput) {
  const { deviceId, intervals, baselineWh, orderedWh, contractId } = terms;
  if (evidence === null) throw new AuditRuleError(`sc2/${contractId}: evidence`, "there", "null");
  const registers = verifyEvidence(evidence, {
    deviceId,
    publicKey: Buffer.from(state.device(deviceId).publicKeyHex, "hex"),
    boundariesUnixMs: intervalBoundaries(intervals),
    anchorOf: (batchNo) => state.anchor(vnId, batchNo),
  });
  return settle({ terms: pricesOf(terms), intervals, baselineWh, orderedWh, actualWh: netImportWh(registers) });
}
