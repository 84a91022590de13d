export {
  deliveredPerMille,
  enrolVirtualNode,
  learnFromEvent,
  type VirtualNode,
  type VirtualNodeEnrolment,
} from "./virtual-node.ts";
