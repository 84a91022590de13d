import { common, msp } from "@hyperledger/fabric-protos";
import { expect, test } from "vitest";
import { MalformedMessageError } from "../wire/index.ts";
import { buildEndorsementPolicy, isPolicySatisfied } from "./policy.ts";

const peerOf = (mspId: string) => ({ mspId, organisationalUnit: "peer" });

test("peers of so many organisations satisfy a policy, fewer do not", () => {
  const policy = buildEndorsementPolicy(["A", "B", "C"], 2);
  expect(isPolicySatisfied(policy, [peerOf("A"), peerOf("C")])).toBe(true);
  expect(isPolicySatisfied(policy, [peerOf("A"), peerOf("B"), peerOf("C")])).toBe(true);
  expect(isPolicySatisfied(policy, [peerOf("A")])).toBe(false);
  expect(isPolicySatisfied(policy, [peerOf("A"), peerOf("A")])).toBe(false);
  expect(isPolicySatisfied(policy, [])).toBe(false);
});

test("neither clients nor peers of others count", () => {
  const policy = buildEndorsementPolicy(["A", "B"], 1);
  expect(isPolicySatisfied(policy, [{ mspId: "A", organisationalUnit: "client" }])).toBe(false);
  expect(isPolicySatisfied(policy, [peerOf("Stranger")])).toBe(false);
});

test("any member satisfies a policy that asks for members", () => {
  const policy = common.SignaturePolicyEnvelope.deserializeBinary(buildEndorsementPolicy(["A"], 1));
  const role = new msp.MSPRole();
  role.setMspIdentifier("A");
  role.setRole(msp.MSPRole.MSPRoleType.MEMBER);
  policy.getIdentitiesList()[0]?.setPrincipal(role.serializeBinary());
  expect(isPolicySatisfied(policy.serializeBinary(), [{ mspId: "A", organisationalUnit: "client" }])).toBe(true);
});

test("a policy without a rule is satisfied by nobody, one that cannot be read is refused", () => {
  expect(isPolicySatisfied(new common.SignaturePolicyEnvelope().serializeBinary(), [peerOf("A")])).toBe(false);
  expect(() => isPolicySatisfied(Uint8Array.of(0x0a, 0x7f), [])).toThrow(MalformedMessageError);
  const other = common.SignaturePolicyEnvelope.deserializeBinary(buildEndorsementPolicy(["A"], 1));
  other.getIdentitiesList()[0]?.setPrincipalClassification(msp.MSPPrincipal.Classification.IDENTITY);
  expect(() => isPolicySatisfied(other.serializeBinary(), [peerOf("A")])).toThrow(MalformedMessageError);
});
