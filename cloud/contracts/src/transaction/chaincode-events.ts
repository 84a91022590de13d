/**
 * Names of the chaincode events, in one place. Fabric keeps one event for each transaction, so a transaction over many
 * contracts reports all of them in one event. Payloads are canonical JSON and carry ids and states, no business data.
 */
export const CHAINCODE_EVENT = {
  VIRTUAL_NODE_REGISTERED: "registry.VirtualNodeRegistered",
  DEVICE_ENROLLED: "registry.DeviceEnrolled",
  DEVICE_RELEASED: "registry.DeviceReleased",
  DEVICE_REVOKED: "registry.DeviceRevoked",
  DEVICE_KEY_ROTATED: "registry.DeviceKeyRotated",
  ANCHOR_COMMITTED: "anchors.AnchorCommitted",
  INSTANT_ATTESTED: "time.InstantAttested",
  PROGRAMME_PUBLISHED: "programmes.Published",
  PROGRAMME_AGREED: "programmes.Agreed",
  SUPPLY_AGREED: "supply.Agreed",
  MINTED: "accounts.Minted",
  BURNED: "accounts.Burned",
  TRANSFERRED: "accounts.Transferred",
  CLAIM_RAISED: "claims.Raised",
  CLAIM_PAID: "claims.Paid",
  PARTY_SUSPENDED: "claims.PartySuspended",
  INDEX_PUBLISHED: "hedges.IndexPublished",
  HEDGE_CHANGED: "hedges.Changed",
  DISPUTE_CHANGED: "disputes.Changed",
  SC1_PROPOSED: "sc1.Proposed",
  SC1_ACCEPTED: "sc1.Accepted",
  SC1_REFUSED: "sc1.Refused",
  SC1_EXPIRED: "sc1.Expired",
  SC1_SETTLED: "sc1.Settled",
  SC1_CHUNK_SUMMED: "sc1.ChunkSummed",
  SC1_CHUNK_COMPLETED: "sc1.ChunkCompleted",
  SC1_COMPLETED: "sc1.Completed",
  SC2_PROPOSED: "sc2.Proposed",
  SC2_ACCEPTED: "sc2.Accepted",
  SC2_ACCEPTED_BATCH: "sc2.AcceptedBatch",
  SC2_AMENDED: "sc2.Amended",
  SC2_SETTLED: "sc2.Settled",
  SC1_DISPUTE_CHANGED: "disputes.Sc1Changed",
  SC1_CHUNK_SUMMED_ANEW: "disputes.ChunkSummedAnew",
  SC1_RELEASED: "sc1.Released",
  SC2_RELEASED: "sc2.Released",
} as const;

/** As listeners see it; `CHAINCODE_EVENT` has the names to use. */
export type ChaincodeEventName = (typeof CHAINCODE_EVENT)[keyof typeof CHAINCODE_EVENT];
