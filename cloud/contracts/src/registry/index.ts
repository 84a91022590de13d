/** Who takes part: virtual nodes, devices, keys. */
export {
  ENROL_DEVICE,
  GET_DEVICE,
  GET_DEVICE_REVISION,
  getActiveDevice,
  getDevice,
  REVOKE_DEVICE,
} from "./device.ts";
export { type Device, type DeviceRevision, deviceAt, type VirtualNode } from "./documents.ts";
export { keysCountingAt } from "./former-keys.ts";
export { RegistryContract } from "./registry-contract.ts";
export { RELEASE_DEVICE } from "./release.ts";
export { ROTATE_KEY } from "./rotation.ts";
export { stayNoOf } from "./stays.ts";
export { GET_VIRTUAL_NODE, getVirtualNode, REGISTER_VIRTUAL_NODE } from "./virtual-node.ts";
