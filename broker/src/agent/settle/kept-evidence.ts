import type { Disk } from "@gridpact/host";
import type { BoundaryEvidence } from "@gridpact/ledger/receipts";
import { readUnitJson, writeUnitJson } from "@gridpact/settlement";
import type { Assignment } from "../document/index.ts";

const DIRECTORY = "evidence";

/**
 * The evidence that a contract is settled with, written down before it is shown: readings that arrive later must change
 * neither a repeated attempt nor the receipt. After a refusal other evidence is shown, so each attempt has its own.
 */
export function keptEvidence(disk: Disk, assignment: Assignment): Promise<BoundaryEvidence | undefined> {
  return read(disk, pathOf(assignment));
}

/** Durable when it resolves. MUST come before the settlement that shows it, and not again for the same attempt. */
export function keepEvidence(disk: Disk, assignment: Assignment, evidence: BoundaryEvidence): Promise<void> {
  return write(disk, pathOf(assignment), evidence);
}

/** The evidence that a dispute about the settlement is answered with; kept for the same reason. */
export function keptLateEvidence(disk: Disk, contractId: string): Promise<BoundaryEvidence | undefined> {
  return read(disk, latePathOf(contractId));
}

/** Durable when it resolves; once for a contract, as a dispute is opened once. */
export function keepLateEvidence(disk: Disk, contractId: string, evidence: BoundaryEvidence): Promise<void> {
  return write(disk, latePathOf(contractId), evidence);
}

async function read(disk: Disk, path: string): Promise<BoundaryEvidence | undefined> {
  const bytes = await disk.read(path);
  return bytes && (readUnitJson(Buffer.from(bytes).toString()) as BoundaryEvidence);
}

function write(disk: Disk, path: string, evidence: BoundaryEvidence): Promise<void> {
  return disk.replace(path, Buffer.from(writeUnitJson(evidence)));
}

function pathOf({ contractId, settleRefusals }: Assignment): string {
  return `${fileOf(contractId)}.${settleRefusals}.json`;
}

function latePathOf(contractId: string): string {
  return `${fileOf(contractId)}.late.json`;
}

/** ':' is kept out of file names. */
function fileOf(contractId: string): string {
  return `${DIRECTORY}/${contractId.replaceAll(":", ".")}`;
}
