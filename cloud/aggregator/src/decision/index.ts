export { type Allocation, allocate } from "./allocate.ts";
export { type Need, type RankedVirtualNode, rankVirtualNodes } from "./rank-virtual-nodes.ts";
