/** Whether an auditor's verdict is to be believed. */
import { createHash } from "node:crypto";
import { auditSigningBytes } from "@gridpact/proto";
import { canonicalJson, NotCanonicalError, parseCanonicalJson } from "@gridpact/settlement";
import { verifyMemberSignature } from "../evidence/index.ts";
import type { Consortium } from "../protocol/index.ts";
import type { AuditVerdict } from "./audit-verdict.ts";

/** What a signed verdict turned out to be. */
export type VerdictCheck =
  | { ok: true; auditor: string; mspId: string; verdict: SignedSummary }
  | { ok: false; reason: VerdictFault; detail: string };

/**
 * `FORM`: no signed verdict. `SIGNER`: no member's signature. `OTHER_TRUST`: its auditor believed other certificates.
 */
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
  const opened = openVerdict(text, consortium);
  if (!opened.ok) return opened;
  const { auditor, mspId, verdict } = opened;
  const { ok, ledgerKind, madeAtUnixMs, ledger } = verdict;
  const { headHashHex, counts, findingsTotal } = ledger;
  const summary = { ok, ledgerKind, madeAtUnixMs, headHashHex, blocks: counts.blocks, findingsTotal };
  return { ok: true, auditor, mspId, verdict: summary };
}

/** A signed verdict with all that its auditor said, in the shape that it signed; or why it is not to be believed. */
export type OpenedVerdict =
  | { ok: true; auditor: string; mspId: string; verdict: AuditVerdict }
  | { ok: false; reason: VerdictFault; detail: string };

/** As `checkVerdict`, for whoever wants to read the whole of it. */
export function openVerdict(text: string, consortium: Consortium): OpenedVerdict {
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
  return { ok: true, auditor: signer.commonName, mspId: auditor.mspId, verdict };
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

/** SHA-256 (hex) of the canonical trust file. */
export function trustHash(consortium: Consortium): string {
  return createHash("sha256").update(canonicalJson(consortium)).digest("hex");
}

function fault(reason: VerdictFault, detail: string): Extract<VerdictCheck, { ok: false }> {
  return { ok: false, reason, detail };
}
