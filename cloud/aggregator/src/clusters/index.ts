/** Which prosumers make a node: what nodes say of them, the clusters that follow, and moves as proposals. */
export { ClusterBook } from "./cluster-book.ts";
export { type ClusterPlan, DEFAULT_CLUSTER_GUIDELINES, type NodeMembers, planClusters } from "./cluster-plan.ts";
