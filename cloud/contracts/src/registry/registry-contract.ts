import { type Context, Contract } from "fabric-contract-api";
import { transact } from "../transaction/index.ts";
import {
  ENROL_DEVICE,
  enrolDevice,
  GET_DEVICE,
  GET_DEVICE_REVISION,
  getDevice,
  getDeviceRevision,
  REVOKE_DEVICE,
  revokeDevice,
} from "./device.ts";
import { RELEASE_DEVICE, releaseDevice } from "./release.ts";
import { ROTATE_KEY, rotateKey } from "./rotation.ts";
import { GET_VIRTUAL_NODE, getVirtualNode, REGISTER_VIRTUAL_NODE, registerVirtualNode } from "./virtual-node.ts";

/** Who takes part: virtual nodes and devices with their keys. fabric-shim takes every method as a transaction. */
export class RegistryContract extends Contract {
  constructor() {
    super("registry");
  }

  RegisterVirtualNode(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, REGISTER_VIRTUAL_NODE, registerVirtualNode);
  }

  GetVirtualNode(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_VIRTUAL_NODE, getVirtualNode);
  }

  EnrolDevice(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, ENROL_DEVICE, enrolDevice);
  }

  RotateKey(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, ROTATE_KEY, rotateKey);
  }

  ReleaseDevice(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, RELEASE_DEVICE, releaseDevice);
  }

  RevokeDevice(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, REVOKE_DEVICE, revokeDevice);
  }

  GetDevice(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_DEVICE, getDevice);
  }

  GetDeviceRevision(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_DEVICE_REVISION, getDeviceRevision);
  }
}
