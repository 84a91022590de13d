import { type Collection, Collections } from "./collections.ts";
import type { Consortium } from "./genesis.ts";
import { buildEndorsementPolicy } from "./policy.ts";
import type { EndorsementPolicies } from "./transaction-check.ts";

/**
 * Who has to endorse what when a chaincode is deployed with these collections and the consortium's own rule. Which keys
 * have a policy of their own is state and no part of it: none asks for fewer than the chaincode's.
 */
export function deployedPolicies(
  { organisations, endorsingOrganisationsMin }: Consortium,
  collections: readonly Collection[],
): EndorsementPolicies {
  const mspIds = organisations.map(({ mspId }) => mspId);
  const rules = new Collections(collections, mspIds);
  return {
    chaincodePolicy: buildEndorsementPolicy(mspIds, endorsingOrganisationsMin),
    policyOfKey: () => undefined,
    policyOfCollection: (_, name) => rules.named(name)?.endorsementPolicy,
  };
}
