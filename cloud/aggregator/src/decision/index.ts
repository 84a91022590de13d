export { type Allocation, allocate } from "./allocate.ts";
export { needOf, nextRequests, type PlacementOptions } from "./next-requests.ts";
export { type RankedVirtualNode, rankVirtualNodes } from "./rank-virtual-nodes.ts";
export { STRATEGIES, type Strategy } from "./strategy.ts";
