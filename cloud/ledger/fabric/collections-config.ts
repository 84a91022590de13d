import type { Collection } from "../src/protocol/index.ts";

/** The same collections as the embedded ledger is given, in the form that Fabric's life cycle takes. */
export function buildCollectionsConfig(collections: readonly Collection[]): object[] {
  return collections.map(({ name, memberMspIds, endorsement }) => ({
    name,
    policy: `OR(${memberMspIds.map((mspId) => `'${mspId}.member'`).join(", ")})`,
    // A network may have one peer of a member organisation only: values are then with it, and reconciled later.
    requiredPeerCount: 0,
    maxPeerCount: Math.max(1, memberMspIds.length - 1),
    // For ever: an audit may ask for a value years later. A contract deletes what has to go.
    blockToLive: 0,
    memberOnlyRead: true,
    memberOnlyWrite: true,
    ...(endorsement && { endorsementPolicy: { signaturePolicy: ruleOf(endorsement) } }),
  }));
}

function ruleOf({ mspIds, organisationsMin }: NonNullable<Collection["endorsement"]>): string {
  return `OutOf(${organisationsMin}, ${mspIds.map((mspId) => `'${mspId}.peer'`).join(", ")})`;
}
