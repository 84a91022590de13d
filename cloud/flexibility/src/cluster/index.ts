/** Clusters: alike prosumers, which of them make a virtual node, and who should change its node. */
export {
  type Cluster,
  type ClusterLimits,
  type FormedClusters,
  formClusters,
  type Prosumer,
} from "./form-clusters.ts";
export {
  DEFAULT_GUIDELINES,
  type Member,
  type Move,
  type ReclusterGuidelines,
  type Reclustering,
  recluster,
} from "./recluster.ts";
export { type Segmentation, type SegmentationMethod, segmentProfiles } from "./segment-profiles.ts";
