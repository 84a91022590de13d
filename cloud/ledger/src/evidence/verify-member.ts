import { isSignedBy, Membership, type MembershipRefusal, serializeIdentity } from "../identity/index.ts";
import type { Consortium } from "../protocol/index.ts";

/** A signature that somebody made outside of any transaction, with the certificate that says who it was. */
export type MemberSignature = {
  mspId: string;
  certificatePem: string;
  /** When it is said to have been made; the certificate has to hold then. */
  atUnixMs: number;
  message: Uint8Array;
  signature: Uint8Array;
};

/** The attributes are the authority's word about the signer: whoever needs a role looks there. */
export type MemberSignatureVerdict =
  | { ok: true; commonName: string; attributes: Readonly<Record<string, string>> }
  | { ok: false; reason: MembershipRefusal | "SIGNATURE_INVALID" };

/** Verifies that a member of an organisation of the consortium signed a message. No ledger and no network. */
export function verifyMemberSignature(
  { organisations }: Consortium,
  { mspId, certificatePem, atUnixMs, message, signature }: MemberSignature,
): MemberSignatureVerdict {
  const identity = serializeIdentity({ mspId, certificatePem });
  const verdict = new Membership(organisations).identify(identity, atUnixMs);
  if (!verdict.ok) return verdict;
  const { publicKey, commonName, attributes } = verdict.member;
  if (!isSignedBy(publicKey, message, signature)) return { ok: false, reason: "SIGNATURE_INVALID" };
  return { ok: true, commonName, attributes };
}
