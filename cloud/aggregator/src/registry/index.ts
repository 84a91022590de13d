export {
  deliveredPerMille,
  enrolVirtualNode,
  learnFromEvent,
  type NodeOutcome,
  type VirtualNode,
  type VirtualNodeEnrolment,
} from "./virtual-node.ts";
