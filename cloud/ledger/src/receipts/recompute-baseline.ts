/** Computes a receipt's baseline again, from signed registers, and holds it against what was committed. */

import { baselineCommitment, verifyEvidence } from "@gridpact/contracts";
import type { SignatureVerifier } from "@gridpact/proto";
import {
  canonicalJson,
  computeBaseline,
  type HistoryInput,
  intervalBoundaries,
  netImportWh,
} from "@gridpact/settlement";
import type { Agreement } from "./agreement.ts";
import type { BoundaryEvidence } from "./boundary-evidence.ts";
import { argumentOf, type ProvenAnchor, type ReceiptLedger } from "./proven-ledger.ts";
import { type Receipt, receiptSelection } from "./receipt.ts";
import { demand, type StepResult } from "./verification-report.ts";

/** Methods as a request names them, and as SC1 does. */
const SC1_METHOD: Readonly<Record<string, string>> = {
  tenInTen: "tenInTen",
  highFiveOfTen: "highXofY",
  meterBefore: "meterBeforeAfter",
  nominated: "nominated",
};

const DAY_MS = 86_400_000;

/** Facts that evidence is checked against. */
export type EvidenceFacts = {
  receipt: Receipt;
  anchors: ReadonlyMap<number, ProvenAnchor>;
  verifySignature: SignatureVerifier;
};

/** Net import between instants, by the rules and the code of the contract. @throws ContractError */
export function meteredWh(
  evidence: BoundaryEvidence,
  boundariesUnixMs: readonly number[],
  { receipt, anchors, verifySignature }: EvidenceFacts,
): (bigint | null)[] {
  const keys = [{ publicKey: Buffer.from(receipt.publicKeyHex, "hex"), beforeBatchNo: null }];
  const { deviceId } = receipt;
  const anchorOf = (batchNo: number) => anchors.get(batchNo);
  return netImportWh(verifyEvidence(evidence, { deviceId, keys, boundariesUnixMs, anchorOf, verifySignature }));
}

/** @throws ReceiptFaultError, ContractError, SettlementError */
export function checkBaseline(
  facts: EvidenceFacts,
  ledger: ReceiptLedger,
  { sc1, firstInterval }: Agreement,
): StepResult<void> {
  const { baseline, terms } = facts.receipt;
  demand(
    SC1_METHOD[baseline.method] === sc1.baselineMethod,
    () => `baseline.method: the SC1 has ${sc1.baselineMethod}`,
  );
  const isSameEvent = canonicalJson(baseline.intervals) === canonicalJson(sc1.intervals);
  demand(isSameEvent, () => "baseline.intervals: are not those of the SC1");
  checkCommitment(facts.receipt, ledger);
  const slice = baseline.baselineWh.slice(firstInterval, firstInterval + terms.intervals.length);
  demand(canonicalJson(slice) === canonicalJson(terms.baselineWh), () => "terms.baselineWh: is not the committed one");
  checkSelection(facts.receipt);
  const detail = recompute(facts);
  return {
    value: undefined,
    detail: `${detail}; as committed in sc1:AcceptReduction, for ${baseline.baselineWh.length} intervals`,
  };
}

/** The commitment is over the baselines of all candidates, all of which stand in the transaction. */
function checkCommitment({ baseline, deviceId }: Receipt, ledger: ReceiptLedger): void {
  type Commitment = { baselineCommitmentHex: string; baselines: Record<string, string[]> };
  const { baselineCommitmentHex, baselines } = argumentOf<Commitment>(ledger["sc1:AcceptReduction"]);
  const committed = Object.entries(baselines).map(([id, each]) => [id, each.map(BigInt)]);
  const isOpened = baselineCommitment(Object.fromEntries(committed)) === baselineCommitmentHex;
  demand(isOpened, () => "the committed hash is not that of the baselines beside it");
  const own = canonicalJson(baselines[deviceId] ?? null);
  demand(own === canonicalJson(baseline.baselineWh), () => `baseline.baselineWh: committed was ${own}`);
}

/** Days left out follow from the days used, so that none can be named, or dropped, unnoticed. */
function checkSelection({ baseline }: Receipt): void {
  const { intervals, selection, days } = baseline;
  const derived = receiptSelection(
    intervals,
    days.map(({ localDate }) => localDate),
  );
  demand(
    canonicalJson(selection) === canonicalJson(derived),
    () => `baseline.selection: must be ${canonicalJson(derived)}`,
  );
}

function recompute(facts: EvidenceFacts): string {
  const { baseline } = facts.receipt;
  demand(
    (baseline.method === "meterBefore") === (baseline.before !== null),
    () => "baseline.before: belongs to the method meterBefore, and to no other",
  );
  switch (baseline.method) {
    case "tenInTen":
    case "highFiveOfTen":
      return recomputeFromHistory(facts, baseline.method);
    case "meterBefore":
      return recomputeFromBefore(facts);
    default:
      demand(baseline.days.length === 0, () => "baseline.days: a nominated baseline has none");
      return "nominated: it was stated, there is nothing to compute it from";
  }
}

function recomputeFromHistory(facts: EvidenceFacts, method: "tenInTen" | "highFiveOfTen"): string {
  const { intervals, days, selection, baselineWh } = facts.receipt.baseline;
  const history = days.map((day, index) => {
    checkDay(facts.receipt, index);
    return { localDate: day.localDate, windowWh: meteredWh(day.evidence, day.boundariesUnixMs, facts) };
  });
  const input: HistoryInput = { history, selection, windowLength: intervals.length };
  const { localDates: recent } = computeBaseline({ method: "tenInTen", input });
  const isUsed = canonicalJson(recent) === canonicalJson(days.map(({ localDate }) => localDate));
  demand(isUsed, () => `baseline.days: must be ${recent.join(", ")}, newest first`);
  const computed = computeBaseline({ method: method === "tenInTen" ? "tenInTen" : "highXofY", input });
  checkComputed(computed.baselineWh, baselineWh);
  const used = `mean of ${computed.localDates.length} days from signed registers`;
  return selection.eventDates.length === 0 ? used : `${used}; left out: ${selection.eventDates.join(", ")}`;
}

function checkDay({ baseline }: Receipt, index: number): void {
  const { localDate, boundariesUnixMs } = baseline.days[index] ?? { localDate: "", boundariesUnixMs: [] };
  const boundaries = intervalBoundaries(baseline.intervals);
  const eventDayUnixMs = Math.floor((boundaries[0] ?? 0) / DAY_MS) * DAY_MS;
  const shiftMs = eventDayUnixMs - Date.parse(`${localDate}T00:00:00Z`);
  const isSameTime = canonicalJson(boundaries.map((each) => each - shiftMs)) === canonicalJson(boundariesUnixMs);
  demand(isSameTime, () => `baseline.days[${index}].boundariesUnixMs: are not the event's intervals on ${localDate}`);
}

/** Units before the plan: as many as they are, one after the other, the last one before the event. */
function recomputeFromBefore(facts: EvidenceFacts): string {
  const { before, intervals, baselineWh, days } = facts.receipt.baseline;
  demand(before !== null && days.length === 0, () => "baseline.days: the method meterBefore has none");
  const { boundariesUnixMs, evidence } = before;
  const [first] = intervals;
  const unitMs = first === undefined ? 0 : first.endUnixMs - first.startUnixMs;
  const isEven = boundariesUnixMs.every(
    (each, index) => index === 0 || each === (boundariesUnixMs[index - 1] ?? 0) + unitMs,
  );
  demand(isEven, () => "baseline.before.boundariesUnixMs: are not the boundaries of market time units in a row");
  const isBefore = (boundariesUnixMs.at(-1) ?? 0) <= (first?.startUnixMs ?? 0);
  demand(isBefore, () => "baseline.before.boundariesUnixMs: reach into the event");
  const beforeWh = meteredWh(evidence, boundariesUnixMs, facts);
  const windowLength = intervals.length;
  const computed = computeBaseline({ method: "meterBeforeAfter", surrounding: { beforeWh }, windowLength });
  checkComputed(computed.baselineWh, baselineWh);
  return `mean of ${beforeWh.length} units before the plan, from signed registers`;
}

function checkComputed(computedWh: readonly bigint[], statedWh: readonly bigint[]): void {
  const computed = canonicalJson(computedWh);
  demand(computed === canonicalJson(statedWh), () => `baseline.baselineWh: the registers give ${computed}`);
}
