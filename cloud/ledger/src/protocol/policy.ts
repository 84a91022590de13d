import { common, msp } from "@hyperledger/fabric-protos";
import { decodeMessage, MalformedMessageError } from "../wire/index.ts";

/** Someone whose signature has been verified, as far as a policy asks. */
export type Signer = { mspId: string; organisationalUnit: string };

/** `SignaturePolicyEnvelope` bytes: peers of at least `organisationsMin` of the organisations. */
export function buildEndorsementPolicy(mspIds: readonly string[], organisationsMin: number): Uint8Array {
  const envelope = new common.SignaturePolicyEnvelope();
  const atLeast = new common.SignaturePolicy.NOutOf();
  atLeast.setN(organisationsMin);
  for (const [index, mspId] of mspIds.entries()) {
    const role = new msp.MSPRole();
    role.setMspIdentifier(mspId);
    role.setRole(msp.MSPRole.MSPRoleType.PEER);
    const principal = envelope.addIdentities();
    principal.setPrincipalClassification(msp.MSPPrincipal.Classification.ROLE);
    principal.setPrincipal(role.serializeBinary());
    atLeast.addRules().setSignedBy(index);
  }
  const rule = new common.SignaturePolicy();
  rule.setNOutOf(atLeast);
  envelope.setRule(rule);
  return envelope.serializeBinary();
}

/**
 * Whether the signers satisfy a signature policy.
 * @throws MalformedMessageError when the bytes are no policy.
 */
export function isPolicySatisfied(policyBytes: Uint8Array, signers: readonly Signer[]): boolean {
  const envelope = decodeMessage(common.SignaturePolicyEnvelope, policyBytes);
  const isPresent = envelope
    .getIdentitiesList()
    .map((principal) => signers.some((signer) => matches(signer, principal)));
  const rule = envelope.getRule();
  return rule !== undefined && isRuleSatisfied(rule, isPresent);
}

function isRuleSatisfied(rule: common.SignaturePolicy, isPresent: readonly boolean[]): boolean {
  const nOutOf = rule.getNOutOf();
  if (nOutOf === undefined) return rule.hasSignedBy() && isPresent[rule.getSignedBy()] === true;
  const satisfied = nOutOf.getRulesList().filter((inner) => isRuleSatisfied(inner, isPresent));
  return satisfied.length >= nOutOf.getN();
}

const UNIT_OF_ROLE = new Map<number, string>([
  [msp.MSPRole.MSPRoleType.ADMIN, "admin"],
  [msp.MSPRole.MSPRoleType.CLIENT, "client"],
  [msp.MSPRole.MSPRoleType.PEER, "peer"],
  [msp.MSPRole.MSPRoleType.ORDERER, "orderer"],
]);

/** Principals by role only: it is the one kind that fabric-shim's key-level policies use. */
function matches(signer: Signer, principal: msp.MSPPrincipal): boolean {
  if (principal.getPrincipalClassification() !== msp.MSPPrincipal.Classification.ROLE) {
    throw new MalformedMessageError(new RangeError("a principal that is no role"));
  }
  const role = decodeMessage(msp.MSPRole, principal.getPrincipal_asU8());
  const isMember = role.getRole() === msp.MSPRole.MSPRoleType.MEMBER;
  const isUnit = isMember || UNIT_OF_ROLE.get(role.getRole()) === signer.organisationalUnit;
  return isUnit && role.getMspIdentifier() === signer.mspId;
}
