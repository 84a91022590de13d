/** Public face of the virtual node without its sockets. */
export type { NodeCounts } from "./node-counts.ts";
export type {
  AgentChannel,
  MessageHandler,
  NodeFault,
  VirtualNodeModules,
  VirtualNodeOptions,
} from "./virtual-node.ts";
export { openVirtualNode, VirtualNode } from "./virtual-node.ts";
