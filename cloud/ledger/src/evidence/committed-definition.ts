import {
  type Consortium,
  type DefinitionChange,
  definitionChangeIn,
  deployedPolicies,
  type EndorsementPolicies,
  type Version,
} from "../protocol/index.ts";
import { BlockNotProvenError } from "./verify-block.ts";
import type { OrderedBlock, OrderedTransaction } from "./verify-ordered-block.ts";

/** What organisations committed about a chaincode: who has to endorse what. */
export type CommittedDefinition = {
  sequence: number;
  policies: EndorsementPolicies;
  /** The last commit. That it took effect is for a reader to prove, as for any transaction. */
  commit: OrderedTransaction;
};

/** The transactions of a block that commit a definition of the chaincode. */
export function definitionCommitsIn({ transactions }: OrderedBlock, chaincodeName: string): OrderedTransaction[] {
  return [...transactions.values()].filter(({ parsed }) => {
    return definitionChangeIn(parsed.readWriteSets, chaincodeName) !== undefined;
  });
}

/**
 * The definition of a chaincode from all transactions that committed one, oldest first. Each says only what it changes
 * and names the place of the one before it, so a chain without gaps is what the last one rests on.
 *
 * Every transaction of the chaincode reads the sequence of its definition. So a reader that enough organisations of the
 * consortium endorsed proves the last commit, and with it all before.
 *
 * @throws BlockNotProvenError DEFINITION_NOT_CHAINED; MalformedMessageError
 */
export function committedDefinition(
  { consortium, chaincodeName }: { consortium: Consortium; chaincodeName: string },
  commits: readonly OrderedTransaction[],
): CommittedDefinition {
  const changes = commits.map(({ parsed }) => definitionChangeIn(parsed.readWriteSets, chaincodeName));
  const known = changes.flatMap((change) => (change === undefined ? [] : [change]));
  const [commit, last] = [commits.at(-1), known.at(-1)];
  const chaincodePolicy = known.findLast((change) => change.chaincodePolicy)?.chaincodePolicy;
  const isChained = known.length === commits.length && known.every((change, index) => follows(change, commits, index));
  if (!isChained || commit === undefined || last === undefined || chaincodePolicy === undefined) {
    throw new BlockNotProvenError("DEFINITION_NOT_CHAINED", `no gapless definition of ${chaincodeName}`);
  }
  const ofCollections = known.findLast((change) => change.collectionPolicies)?.collectionPolicies;
  // The collections of organisations' own are of no definition.
  const { policyOfKey, policyOfCollection: ofOrganisations } = deployedPolicies(consortium, []);
  const policyOfCollection: EndorsementPolicies["policyOfCollection"] = (namespace, name) =>
    ofCollections?.get(name) ?? ofOrganisations(namespace, name);
  return { sequence: last.sequence, commit, policies: { chaincodePolicy, policyOfKey, policyOfCollection } };
}

function follows(change: DefinitionChange, commits: readonly OrderedTransaction[], index: number): boolean {
  return change.sequence === index + 1 && isSamePlace(change.previous, commits[index - 1]?.place);
}

function isSamePlace(left: Version | undefined, right: Version | undefined): boolean {
  return left?.blockNumber === right?.blockNumber && left?.transactionIndex === right?.transactionIndex;
}
