/** The Fabric network of the consortium: its configuration as code, and the commands that run it on one machine. */
export type { FabricBinaries } from "./binaries.ts";
export { FABRIC_VERSION_MIN, findBinaries } from "./binaries.ts";
export { serveChaincode } from "./chaincode-server.ts";
export { fabricSources } from "./config.ts";
export { FabricError } from "./fabric-error.ts";
export { fabricConsortium } from "./material.ts";
export type { FabricMembers, FabricNetworkModules, FabricNetworkOptions, NodeStatus } from "./network.ts";
export { FabricNetwork } from "./network.ts";
export { PROPOSAL_TIME_WINDOW_DEFAULT } from "./node-config.ts";
export { FabricPaths } from "./paths.ts";
export type { FabricTopology, OrdererNode, PeerNode } from "./topology.ts";
export { containerTopology } from "./topology.ts";
export { peerNamed, readTopology, rememberedTopology, writeTopology } from "./topology-file.ts";
