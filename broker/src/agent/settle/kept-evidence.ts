import type { Disk } from "@gridpact/host";
import { readUnitJson, writeUnitJson } from "@gridpact/settlement";
import type { BoundaryEvidence } from "../../evidence/index.ts";
import type { Assignment } from "../document/index.ts";

const DIRECTORY = "evidence";

/**
 * The evidence that a contract is settled with, written down before it is shown: readings that arrive later must change
 * neither a repeated attempt nor the receipt. After a refusal other evidence is shown, so each attempt has its own.
 */
export async function keptEvidence(disk: Disk, assignment: Assignment): Promise<BoundaryEvidence | undefined> {
  const bytes = await disk.read(pathOf(assignment));
  return bytes && (readUnitJson(Buffer.from(bytes).toString()) as BoundaryEvidence);
}

export async function keepEvidence(disk: Disk, assignment: Assignment, evidence: BoundaryEvidence): Promise<void> {
  await disk.replace(pathOf(assignment), Buffer.from(writeUnitJson(evidence)));
}

/** ':' is kept out of file names. */
function pathOf({ contractId, settleRefusals }: Assignment): string {
  return `${DIRECTORY}/${contractId.replaceAll(":", ".")}.${settleRefusals}.json`;
}
