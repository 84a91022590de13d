/** Selection: which devices serve a request, and who replaces those that fail it. */
export { CANDIDATES_MAX, type Candidate } from "./candidate.ts";
export type { EnergyLimit } from "./headroom.ts";
export { type ReplacementRequest, replaceShortfall } from "./replace-shortfall.ts";
export {
  DEFAULT_MARGIN_PER_MILLE_MAX,
  type DeviceOrder,
  type Selection,
  type SelectionRequest,
  selectDevices,
} from "./select-devices.ts";
