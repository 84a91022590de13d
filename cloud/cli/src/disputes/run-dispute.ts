import { readFileSync } from "node:fs";
import type { LedgerArgument } from "@gridpact/ledger";
import { parseReceipt, RECEIPT_CHARS_MAX, unpackReceipt } from "@gridpact/ledger/receipts";
import { writeUnitJson } from "@gridpact/settlement";
import { CliError } from "../cli-error.ts";
import { AUDITOR, type Connect } from "../parts/members.ts";
import { describeDisputed } from "./describe-disputed.ts";
import { type DisputedContract, readDisputed } from "./disputed-contract.ts";

export type DisputeOptions = {
  contractId: string;
  /** In whose name; left out, whoever is concerned: the contract's node, or the auditor for what anyone may ask. */
  as?: string;
  /** One line of JSON instead of text for people. */
  json: boolean;
};

/** What is done about a dispute before it is shown; `show` does nothing. */
export type DisputeAct =
  | { kind: "show" | "close" }
  | { kind: "open"; reason: string }
  /** For an SC2, the file of its evidence; an SC1 has its evidence on the ledger. */
  | { kind: "evidence"; path?: string }
  | { kind: "rule"; isUpheld: boolean };

/**
 * The command `gridpact dispute`: acts on a dispute in the name of a member of the consortium, and shows what the
 * contract has come to.
 * @throws CliError INPUT; LedgerError, with the contract's code when it refuses
 */
export async function runDispute(
  { contractId, as, json }: DisputeOptions,
  act: DisputeAct,
  { connect, write }: { connect: Connect; write: (text: string) => void },
): Promise<void> {
  const auditor = await connect(AUDITOR);
  const disputed = await readDisputed(auditor, contractId);
  const acts = actsOf(act, disputed);
  const isAnyones = act.kind === "close" || act.kind === "rule";
  const member = as ?? (isAnyones ? AUDITOR : `vn-${disputed.vnId}`);
  if (acts.length > 0) {
    const ledger = await connect(member);
    for (const [transaction, argument] of acts) await ledger.execute(transaction, argument);
  }
  write(disputedText(await readDisputed(auditor, contractId), json));
}

/** What a command about a dispute prints: a line of JSON, or text for people. */
export function disputedText(disputed: DisputedContract, json: boolean): string {
  return json ? `${writeUnitJson(disputed)}\n` : `${describeDisputed(disputed).join("\n")}\n`;
}

type Act = [transaction: string, argument: LedgerArgument];

/** The transactions that an act comes to. @throws CliError INPUT when the contract has no use for it */
export function actsOf(act: DisputeAct, disputed: DisputedContract): Act[] {
  const { kind, contractId } = disputed;
  const suffix = kind === "sc1" ? "Sc1" : "";
  switch (act.kind) {
    case "show":
      return [];
    case "open":
      return [[`disputes:Open${suffix}`, { contractId, reason: act.reason }]];
    case "evidence":
      return evidenceActs(disputed, act.path);
    case "close":
      return [[`disputes:Close${suffix}`, { contractId }]];
    case "rule":
      return [[`disputes:Rule${suffix}`, { contractId, isUpheld: act.isUpheld }]];
  }
}

/** An SC1 is added up anew where its SC2 have changed; an SC2 needs signed readings. */
function evidenceActs(disputed: DisputedContract, path: string | undefined): Act[] {
  const { contractId } = disputed;
  if (disputed.kind === "sc1") {
    if (path !== undefined) throw new CliError("INPUT", "the evidence of an SC1 is on the ledger: leave out --file");
    const changed = disputed.recomputed?.changed ?? [];
    if (changed.length === 0) throw new CliError("INPUT", "its SC2 add up to what it was settled from");
    return changed.map(({ chunkNo }) => ["disputes:SumAnew", { contractId, chunkNo }]);
  }
  if (path === undefined) throw new CliError("INPUT", "an SC2 needs --file with its evidence");
  return [["disputes:SubmitEvidence", { contractId, evidence: evidenceIn(path) }]];
}

/** @throws CliError INPUT when the file is not there, or neither a receipt nor evidence */
function evidenceIn(path: string): LedgerArgument {
  try {
    const bytes = readFileSync(path);
    if (path.endsWith(".gz")) return evidenceOfReceipt(bytes);
    const content = JSON.parse(bytes.toString()) as { evidence?: LedgerArgument };
    return content.evidence ?? (content as LedgerArgument);
  } catch (error) {
    throw new CliError("INPUT", `${path} holds no evidence: ${String(error)}`, error);
  }
}

function evidenceOfReceipt(packed: Uint8Array): LedgerArgument {
  const text = Buffer.from(unpackReceipt(packed, RECEIPT_CHARS_MAX)).toString();
  return parseReceipt(text).evidence as LedgerArgument;
}
