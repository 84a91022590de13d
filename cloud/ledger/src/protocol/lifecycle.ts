/**
 * What a Fabric network committed about a chaincode, as it stands in the writes of its life cycle: one key for each
 * field of the definition, written only when it changes. [fabric core/chaincode/lifecycle/serializer.go]
 */
import { peer } from "@hyperledger/fabric-protos";
import { decodeMessage, MalformedMessageError } from "../wire/index.ts";
import type { NamespaceReadWriteSet, Version } from "./read-write-set.ts";

const LIFECYCLE_NAMESPACE = "_lifecycle";

/** The fields that a commit wrote; undefined where it left what was there. */
export type DefinitionChange = {
  sequence: number;
  /** Where the definition before it was written; undefined for the first. */
  previous: Version | undefined;
  /** `SignaturePolicyEnvelope` bytes. */
  chaincodePolicy: Uint8Array | undefined;
  /** The same of each collection that has a policy of its own. */
  collectionPolicies: ReadonlyMap<string, Uint8Array> | undefined;
};

/**
 * What a transaction commits about the chaincode; undefined when it commits nothing about it.
 * @throws MalformedMessageError
 */
export function definitionChangeIn(
  sets: readonly NamespaceReadWriteSet[],
  chaincodeName: string,
): DefinitionChange | undefined {
  const set = sets.find(({ namespace }) => namespace === LIFECYCLE_NAMESPACE);
  const keyOf = (field: string) => `namespaces/fields/${chaincodeName}/${field}`;
  const written = (field: string) => {
    const write = set?.writes.find(({ key, isDelete }) => key === keyOf(field) && !isDelete);
    return write && decodeMessage(peer.lifecycle.StateData, write.value);
  };
  const sequence = written("Sequence");
  if (sequence === undefined) return undefined;
  const validation = written("ValidationInfo")?.getBytes_asU8();
  const collections = written("Collections")?.getBytes_asU8();
  return {
    sequence: sequence.getInt64(),
    previous: set?.reads.find(({ key }) => key === keyOf("Sequence"))?.version,
    chaincodePolicy: validation && validationPolicyOf(validation),
    collectionPolicies: collections && collectionPoliciesOf(collections),
  };
}

function validationPolicyOf(bytes: Uint8Array): Uint8Array {
  const info = decodeMessage(peer.lifecycle.ChaincodeValidationInfo, bytes);
  const policy = signaturePolicyOf(decodeMessage(peer.ApplicationPolicy, info.getValidationParameter_asU8()));
  if (policy === undefined) throw new MalformedMessageError(new RangeError("a chaincode without a signature policy"));
  return policy;
}

function collectionPoliciesOf(bytes: Uint8Array): Map<string, Uint8Array> {
  const policies = new Map<string, Uint8Array>();
  for (const config of decodeMessage(peer.CollectionConfigPackage, bytes).getConfigList()) {
    const collection = config.getStaticCollectionConfig();
    const own = collection?.getEndorsementPolicy();
    const policy = own && signaturePolicyOf(own);
    if (collection !== undefined && policy !== undefined) policies.set(collection.getName(), policy);
  }
  return policies;
}

/** A policy that only refers to the channel's configuration is not read: nobody deploys ours with one. */
function signaturePolicyOf(policy: peer.ApplicationPolicy): Uint8Array | undefined {
  if (policy.hasChannelConfigPolicyReference()) {
    throw new MalformedMessageError(new RangeError("a policy that is a reference into the channel's configuration"));
  }
  return policy.getSignaturePolicy()?.serializeBinary();
}
