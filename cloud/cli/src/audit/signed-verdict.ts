/** The verdict of an audit as a file that others can hold against the auditor. */
import { createHash } from "node:crypto";
import { type Consortium, type LedgerKind, verifyMemberSignature } from "@gridpact/ledger";
import { auditSigningBytes } from "@gridpact/proto";
import { canonicalJson, NotCanonicalError, parseCanonicalJson } from "@gridpact/settlement";
import type { Identity } from "../consortium/consortium.ts";
import type { WholeAudit } from "./print-audit.ts";

/** What is signed: the whole audit, by whose trust it was made, and when. */
export type AuditVerdict = WholeAudit & {
  kind: "gridpact-audit";
  version: 1;
  ledgerKind: LedgerKind;
  channelName: string;
  /** SHA-256 of the canonical trust file: whose signatures the auditor believed. */
  trustHashHex: string;
  madeAtUnixMs: number;
};

export function verdictOf(
  audit: WholeAudit,
  { consortium, ledgerKind, madeAtUnixMs }: { consortium: Consortium; ledgerKind: LedgerKind; madeAtUnixMs: number },
): AuditVerdict {
  const { channelName } = consortium;
  const trustHashHex = trustHash(consortium);
  return { kind: "gridpact-audit", version: 1, ...audit, ledgerKind, channelName, trustHashHex, madeAtUnixMs };
}

/** The verdict's canonical text with its auditor's certificate and signature: one line, the same for the same audit. */
export function signVerdict(verdict: AuditVerdict, { mspId, certificatePem, key }: Identity): string {
  const verdictText = canonicalJson(verdict);
  const signatureHex = Buffer.from(key.sign(auditSigningBytes(verdictText))).toString("hex");
  return `${canonicalJson({ auditor: { mspId, certificatePem }, signatureHex, verdictText })}\n`;
}

/** What a signed verdict turned out to be. */
export type VerdictCheck =
  | { ok: true; auditor: string; mspId: string; verdict: SignedSummary }
  | { ok: false; reason: VerdictFault; detail: string };

export type VerdictFault = "FORM" | "SIGNER" | "NOT_AN_AUDITOR" | "OTHER_TRUST";

/** The part of a signed verdict that its reader is told. */
export type SignedSummary = {
  ok: boolean;
  ledgerKind: string;
  madeAtUnixMs: number;
  headHashHex: string;
  blocks: number;
  findingsTotal: number;
};

/**
 * Checks a signed verdict against a consortium that the caller trusts: that one of its auditors signed these very
 * words, and believed the same consortium. It does not audit again.
 */
export function checkVerdict(text: string, consortium: Consortium): VerdictCheck {
  const file = readFile(text);
  if (file === undefined) return fault("FORM", "this is no signed verdict of an audit");
  const { auditor, signatureHex, verdictText, verdict } = file;
  const signer = verifyMemberSignature(consortium, {
    ...auditor,
    atUnixMs: verdict.madeAtUnixMs,
    message: auditSigningBytes(verdictText),
    signature: Buffer.from(signatureHex, "hex"),
  });
  if (!signer.ok) return fault("SIGNER", signer.reason);
  const { role = "no role" } = signer.attributes;
  if (role !== AUDITOR_ROLE) return fault("NOT_AN_AUDITOR", `${signer.commonName} of ${auditor.mspId} is ${role}`);
  if (verdict.trustHashHex !== trustHash(consortium)) return fault("OTHER_TRUST", "the auditor believed somebody else");
  const { ok, ledgerKind, madeAtUnixMs, ledger } = verdict;
  const { headHashHex, counts, findingsTotal } = ledger;
  const summary = { ok, ledgerKind, madeAtUnixMs, headHashHex, blocks: counts.blocks, findingsTotal };
  return { ok: true, auditor: signer.commonName, mspId: auditor.mspId, verdict: summary };
}

const AUDITOR_ROLE = "auditor";

type SignedFile = {
  auditor: { mspId: string; certificatePem: string };
  signatureHex: string;
  verdictText: string;
  verdict: AuditVerdict;
};

/** Undefined for anything but what `signVerdict` writes; what is in the verdict itself is the signer's word. */
function readFile(text: string): SignedFile | undefined {
  try {
    const file = parseCanonicalJson(text.trimEnd()) as unknown as Omit<SignedFile, "verdict"> | null;
    const { auditor, signatureHex, verdictText } = file ?? {};
    const texts = [auditor?.mspId, auditor?.certificatePem, signatureHex, verdictText];
    if (!texts.every((each) => typeof each === "string")) return undefined;
    const verdict = parseCanonicalJson(verdictText as string) as unknown as AuditVerdict | null;
    const isVerdict =
      verdict?.kind === "gridpact-audit" && verdict.version === 1 && Number.isSafeInteger(verdict.madeAtUnixMs);
    return isVerdict ? { ...(file as SignedFile), verdict } : undefined;
  } catch (error) {
    if (error instanceof NotCanonicalError) return undefined;
    throw error;
  }
}

function trustHash(consortium: Consortium): string {
  return createHash("sha256").update(canonicalJson(consortium)).digest("hex");
}

function fault(reason: VerdictFault, detail: string): VerdictCheck {
  return { ok: false, reason, detail };
}
