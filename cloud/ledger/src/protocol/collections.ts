import { buildEndorsementPolicy } from "./policy.ts";

/** A private data collection: its values are for the members; the channel knows hashes. */
export type Collection = {
  name: string;
  /** Only their peers have the values, and only their identities may read or write (Fabric's `memberOnly...`). */
  memberMspIds: readonly string[];
  /**
   * Peers of at least so many of these organisations have to endorse a write, in place of what the chaincode's policy
   * asks for (Fabric's `endorsementPolicy` of a collection).
   */
  endorsement?: { mspIds: readonly string[]; organisationsMin: number };
};

/** A collection as the simulator and the validator see it. */
export type CollectionRules = {
  memberMspIds: readonly string[];
  /** Whether an identity of another organisation is refused even by a peer that has the values. */
  isForMembersOnly: boolean;
  /** `SignaturePolicyEnvelope` bytes; without one the chaincode's policy holds. */
  endorsementPolicy: Uint8Array | undefined;
};

/** Fabric gives each organisation of a channel a collection of this name, without any definition. */
const IMPLICIT_PREFIX = "_implicit_org_";

/** Name of the collection that is an organisation's own on every channel. */
export function implicitCollectionOf(mspId: string): string {
  return `${IMPLICIT_PREFIX}${mspId}`;
}

/** The collections of one chaincode: those that its definition names, and one of each organisation's own. */
export class Collections {
  readonly #rules = new Map<string, CollectionRules>();

  constructor(definitions: readonly Collection[], mspIds: readonly string[]) {
    for (const mspId of mspIds) this.#rules.set(implicitCollectionOf(mspId), implicitRules(mspId));
    for (const { name, memberMspIds, endorsement } of definitions) {
      const endorsementPolicy = endorsement && buildEndorsementPolicy(endorsement.mspIds, endorsement.organisationsMin);
      this.#rules.set(name, { memberMspIds, isForMembersOnly: true, endorsementPolicy });
    }
  }

  /** Undefined when the chaincode has no such collection. */
  named(name: string): CollectionRules | undefined {
    return this.#rules.get(name);
  }
}

/**
 * An organisation's own peers endorse what is written there. Who may read is up to the contract: Fabric asks only
 * whether the peer that runs it has the values. [fabric core/chaincode/lifecycle, GenerateImplicitCollectionForOrg]
 */
function implicitRules(mspId: string): CollectionRules {
  return {
    memberMspIds: [mspId],
    isForMembersOnly: false,
    endorsementPolicy: buildEndorsementPolicy([mspId], 1),
  };
}
