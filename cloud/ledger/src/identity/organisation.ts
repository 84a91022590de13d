/** The organisations of the consortium; each has its own certificate authority. */
export const MSP_IDS = ["AggregatorMSP", "VnMSP", "DsoMSP", "AuditorMSP"] as const;

/** One of `MSP_IDS`. */
export type MspId = (typeof MSP_IDS)[number];

/** What a node or person is within its organisation: the organisational unit of its certificate (Fabric's node OUs). */
export type NodeKind = "client" | "peer" | "orderer" | "admin";
