/** Who the device is and what was agreed with it, by the ledger's transactions. */

import { readResult, type Sc1Terms, termsHash } from "@gridpact/contracts";
import { consentSigningBytes, type SignatureVerifier } from "@gridpact/proto";
import { canonicalJson, type Interval, type JsonValue } from "@gridpact/settlement";
import type { ProvenTransaction } from "../evidence/index.ts";
import { argumentOf, type ReceiptLedger } from "./proven-ledger.ts";
import type { Receipt } from "./receipt.ts";
import { demand, type StepResult } from "./verification-report.ts";

/** @throws ReceiptFaultError unless device, key and virtual node are those enrolled, and the device itself accepted */
export function checkIdentity(receipt: Receipt, ledger: ReceiptLedger, verify: SignatureVerifier): StepResult<void> {
  type Enrolment = { deviceId: string; publicKeyHex: string; vnId: string; mspId: string };
  const enrolled = argumentOf<Enrolment>(ledger["registry:EnrolDevice"]);
  for (const field of ["deviceId", "publicKeyHex", "vnId"] as const) {
    demand(receipt[field] === enrolled[field], () => `${field}: ${receipt[field]} was not enrolled`);
  }
  const accepted = ledger["sc2:AcceptReduction"];
  const how =
    accepted === undefined ? checkConsent(receipt, ledger, verify) : checkCreator(receipt, accepted, enrolled);
  const detail = `${receipt.deviceId} of ${receipt.vnId}, key ${receipt.publicKeyHex.slice(0, 16)}..., ${how}`;
  return { value: undefined, detail };
}

function checkCreator({ deviceId }: Receipt, accepted: ProvenTransaction, { mspId }: { mspId: string }): string {
  const { creatorName, creatorMspId } = accepted;
  const isOwn = creatorName === deviceId && creatorMspId === mspId;
  demand(isOwn, () => `the terms were accepted by ${creatorName} of ${creatorMspId}, not by ${deviceId}`);
  return "accepted itself";
}

/** Whoever handed it in: the device's key signed the hash of the very terms. */
function checkConsent({ terms, publicKeyHex }: Receipt, ledger: ReceiptLedger, verify: SignatureVerifier): string {
  type Handed = { consents: { contractId: string; signatureHex: string }[] };
  const handed = ledger["sc2:AcceptReductionBatch"];
  const { consents } = handed === undefined ? { consents: [] } : argumentOf<Handed>(handed);
  const consent = consents.find(({ contractId }) => contractId === terms.contractId);
  demand(consent !== undefined, () => `terms.contractId: nobody consented to ${terms.contractId}`);
  const message = consentSigningBytes(Buffer.from(termsHash(terms), "hex"));
  const isSigned = verify(Buffer.from(publicKeyHex, "hex"), message, Buffer.from(consent.signatureHex, "hex"));
  demand(isSigned, () => `terms: the device's consent is not to these terms`);
  return "consented by its signature";
}

/** What the aggregator agreed with the virtual node, and where the device's contract begins in it. */
export type Agreement = { sc1: Sc1Terms; firstInterval: number };

/** @throws ReceiptFaultError unless both contracts are those on the ledger and belong together */
export function checkTerms(receipt: Receipt, ledger: ReceiptLedger): StepResult<Agreement> {
  const { terms, sc1Id, deviceId } = receipt;
  demand(terms.deviceId === deviceId, () => `terms.deviceId: is ${terms.deviceId}`);
  demand(terms.sc1Id === sc1Id, () => `sc1Id: the terms belong to ${terms.sc1Id}`);
  checkProposal(receipt, ledger);
  checkAcceptance(receipt, ledger);
  const sc1 = checkSc1(receipt, ledger);
  const firstInterval = positionOf(terms.intervals, sc1.intervals);
  demand(firstInterval !== -1, () => "terms.intervals: are no run of the intervals of the SC1");
  const price = `${terms.priceMicroPerWh} micro/Wh`;
  return { value: { sc1, firstInterval }, detail: `${terms.contractId} under ${sc1Id}: ${terms.kind}, ${price}` };
}

function checkProposal({ terms }: Receipt, ledger: ReceiptLedger): void {
  const { contracts } = argumentOf<{ contracts: { contractId: string }[] }>(ledger["sc2:SetupDRBatch"]);
  const proposed = contracts.find(({ contractId }) => contractId === terms.contractId);
  demand(
    proposed !== undefined,
    () => `terms.contractId: ${terms.contractId} was not set up by the listed transaction`,
  );
  const differing = Object.entries(terms).find(
    ([field, value]) => canonicalJson(value) !== canonicalJson(proposed[field as "contractId"]),
  );
  demand(differing === undefined, () => `terms.${differing?.[0]}: is not what was set up`);
}

/** In its own transaction the device signed the very text of the terms, so its signature is on every number. */
function checkAcceptance({ terms }: Receipt, ledger: ReceiptLedger): void {
  type Acceptance = { contractId: string; termsHashHex: string; termsText: string };
  const own = ledger["sc2:AcceptReduction"];
  if (own === undefined) return;
  const accepted = argumentOf<Acceptance>(own);
  const isSame =
    accepted.contractId === terms.contractId &&
    accepted.termsHashHex === termsHash(terms) &&
    accepted.termsText === canonicalJson(terms);
  demand(isSame, () => `terms: the device accepted others, with the hash ${accepted.termsHashHex}`);
}

function checkSc1(receipt: Receipt, ledger: ReceiptLedger): Sc1Terms {
  const { sc1Id } = receipt;
  const settled = argumentOf<{ chunkNo: number | null }>(ledger["sc1:SettleDR"]);
  demand(settled.chunkNo === null, () => "transactions: the listed sc1:SettleDR settles a chunk and not the SC1");
  for (const name of ["sc1:AcceptReduction", "sc1:SettleDR", "sc1:DRCompletion"] as const) {
    const { contractId } = argumentOf<{ contractId: string }>(ledger[name]);
    demand(contractId === sc1Id, () => `sc1Id: the listed ${name} is of ${contractId}`);
  }
  const result = JSON.parse(ledger["sc1:AcceptReduction"].result) as JsonValue;
  const { terms } = readResult("sc1:AcceptReduction", result).contract;
  demand(terms.eventId === receipt.eventId, () => `eventId: the SC1 is of ${terms.eventId}`);
  demand(terms.vnId === receipt.vnId, () => `vnId: the SC1 is of ${terms.vnId}`);
  return terms;
}

/** Where a run of intervals begins in others; -1 when it is no run of them. */
function positionOf(run: readonly Interval[], all: readonly Interval[]): number {
  const first = all.findIndex(({ startUnixMs }) => startUnixMs === run[0]?.startUnixMs);
  const part = first === -1 ? [] : all.slice(first, first + run.length);
  return canonicalJson(part) === canonicalJson(run) ? first : -1;
}
